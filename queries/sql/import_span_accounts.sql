-- One row: how many rows accounts has, and their first and last time.
select
    count(*) as accepted,
    null::timestamp as first,
    null::timestamp as last
from version.accounts
