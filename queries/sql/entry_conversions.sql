-- One row per entry, by tier, time and lead: with the lead's first conversion at or after it, null when there is none.
-- Tables: entries (lead_number, tier, entered_at), stages. $observed_until: timestamp, the last outcome that counts.
with conversions as (
    select outcomes.lead_number, outcomes.occurred_at
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where stages.is_conversion and outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
)

select entries.lead_number, entries.tier, entries.entered_at, min(conversions.occurred_at) as converted_at
from entries
left join conversions
    on entries.lead_number = conversions.lead_number and entries.entered_at <= conversions.occurred_at
group by entries.lead_number, entries.tier, entries.entered_at
order by entries.tier, entries.entered_at, entries.lead_number
