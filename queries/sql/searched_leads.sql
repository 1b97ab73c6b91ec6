-- One row per lead of which an attribute, or one of its account, satisfies a search.
-- Bindings: LEAD_FOUND(), a test on a lead; ACCOUNT_FOUND(), a test on an account.
with found_accounts as (
    select accounts.account_id
    from accounts
    where ACCOUNT_FOUND()
)

select leads.lead_number
from leads
left join found_accounts on leads.account_id = found_accounts.account_id
where found_accounts.account_id is not null or LEAD_FOUND()
