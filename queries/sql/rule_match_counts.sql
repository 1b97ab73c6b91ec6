-- One row per lead that did what a rule asks for: how often, whenever it was.
-- Bindings: TEST(), the rule's conditions on an activity. $observed_until: timestamp, the last activity that counts.
select activities.lead_number, count(*) as matches
from activities
where activities.lead_number is not null and activities.occurred_at <= $observed_until and TEST()
group by activities.lead_number
