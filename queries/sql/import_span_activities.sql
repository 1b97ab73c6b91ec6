-- One row: how many rows activities has, and their first and last time.
select
    count(*) as accepted,
    min(occurred_at) as first,
    max(occurred_at) as last
from version.activities
