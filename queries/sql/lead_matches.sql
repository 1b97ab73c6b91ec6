-- One row per lead within a range of numbers: for each rule on attributes of lead or account whether they satisfy it.
-- Groups: rules, with TEST() on leads or accounts. $first_lead, $last_lead: lead numbers, both included.
select
    leads.lead_number,
    EACH(rules, coalesce(TEST(), false))
from leads
left join accounts on leads.account_id = accounts.account_id
where leads.lead_number >= $first_lead and leads.lead_number <= $last_lead
