-- One row per number of whole days between a lead's last scored moment and its first conversion, null for a
-- conversion before any moment: how many leads.
-- Tables: lead_moments, stages. Bindings: EXCLUDED(). $observed_until: timestamp.
with first_conversions as (
    select outcomes.lead_number, min(outcomes.occurred_at) as converted_at
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where stages.is_conversion and outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
    group by outcomes.lead_number
),

last_moments as (
    select first_conversions.lead_number, first_conversions.converted_at, max(lead_moments.moment) as moment
    from first_conversions
    inner join leads on first_conversions.lead_number = leads.lead_number
    left join lead_moments
        on
            first_conversions.lead_number = lead_moments.lead_number
            and lead_moments.moment <= first_conversions.converted_at
    where not coalesce(EXCLUDED(), false)
    group by first_conversions.lead_number, first_conversions.converted_at
)

select (epoch_us(converted_at) - epoch_us(moment)) // 86400000000 as days, count(*) as wins
from last_moments
group by days
