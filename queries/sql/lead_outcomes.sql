-- One row per outcome of a lead before a moment, by time.
-- $lead_number: whole number; $moment: timestamp; $observed_until: timestamp, the last outcome that counts.
select outcomes.occurred_at, outcomes.stage, outcomes.amount, outcomes.owner, outcomes.reason
from outcomes
where
    outcomes.lead_number = $lead_number
    and outcomes.occurred_at < $moment
    and outcomes.occurred_at <= $observed_until
order by outcomes.occurred_at, outcomes.stage
