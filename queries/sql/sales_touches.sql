-- One row per outcome with which sales did something about a lead that is not left out.
-- Tables: roles (stage). Bindings: EXCLUDED(), true for a lead that is left out. $observed_until: timestamp, the
-- last outcome that counts.
select outcomes.lead_number, outcomes.occurred_at
from outcomes
inner join roles on lower(outcomes.stage) = roles.stage
inner join leads on outcomes.lead_number = leads.lead_number
where outcomes.occurred_at <= $observed_until and not coalesce(EXCLUDED(), false)
order by outcomes.lead_number, outcomes.occurred_at
