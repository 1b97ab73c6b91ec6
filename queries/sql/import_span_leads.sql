-- One row: the first and the last time in leads.
select min(created_at) as first, max(created_at) as last
from version.leads
