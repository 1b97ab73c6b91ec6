-- One row: leads that were created after the import, and leads whose account is not among the accounts.
-- Parameters: $imported_at.
select
    count(*) as leads,
    count(*) filter (where leads.created_at > $imported_at) as in_future,
    count(*) filter (where leads.account_id is not null and accounts.account_id is null) as without_account
from leads
left join accounts
    on leads.account_id = accounts.account_id
