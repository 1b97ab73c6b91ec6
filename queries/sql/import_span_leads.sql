-- One row: how many rows leads has, and their first and last time.
select
    count(*) as accepted,
    min(created_at) as first,
    max(created_at) as last
from version.leads
