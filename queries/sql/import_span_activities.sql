-- One row: the first and the last time in activities.
select min(occurred_at) as first, max(occurred_at) as last
from version.activities
