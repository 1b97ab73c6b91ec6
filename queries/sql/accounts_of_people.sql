-- One row per account of the leads that are asked for: all of its columns.
-- Tables: people (lead_number). Groups: columns, with ATTRIBUTE() of accounts.
select EACH(columns, ATTRIBUTE())
from accounts
where
    exists (
        select 1
        from leads
        inner join people on leads.lead_number = people.lead_number
        where leads.account_id = accounts.account_id
    )
