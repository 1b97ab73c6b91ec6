-- One row per outcome of the leads that are asked for, by lead and time.
-- Tables: people (lead_number). $observed_until: timestamp, the last outcome that counts.
select outcomes.lead_number, outcomes.occurred_at, outcomes.stage
from outcomes
inner join people on outcomes.lead_number = people.lead_number
where outcomes.occurred_at <= $observed_until
order by outcomes.lead_number, outcomes.occurred_at, outcomes.stage
