-- One row: how many leads have a colleague with an activity that a rule matches, whenever it was.
-- Bindings: TEST(), on activities.
with active as (
    select distinct leads.account_id, leads.lead_number
    from activities
    inner join leads on activities.lead_number = leads.lead_number
    where leads.account_id is not null and TEST()
),

by_account as (
    select account_id, count(*) as people, min(lead_number) as first_person
    from active
    group by account_id
)

select count(*) as leads
from leads
inner join by_account on leads.account_id = by_account.account_id
where by_account.people > 1 or by_account.first_person <> leads.lead_number
