-- One row per lead that did something before a moment.
-- Bindings: DID(), a test on an activity. $moment: timestamp.
select activities.lead_number
from activities
where activities.lead_number is not null and activities.occurred_at < $moment and DID()
group by activities.lead_number
