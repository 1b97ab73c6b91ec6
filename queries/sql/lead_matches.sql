-- One row per lead: for each rule on attributes of lead or account whether they satisfy it.
-- Groups: rules, with TEST() on leads or accounts.
select
    leads.lead_number,
    EACH(rules, coalesce(TEST(), false))
from leads
left join accounts on leads.account_id = accounts.account_id
