-- One row per number of whole days between a lead's last scored moment and its first conversion, null for a
-- conversion before any moment: how many leads.
-- Tables: lead_moments, lead_conversions.
with first_conversions as (
    select lead_number, min(occurred_at) as converted_at
    from lead_conversions
    group by lead_number
),

last_moments as (
    select first_conversions.lead_number, first_conversions.converted_at, max(lead_moments.moment) as moment
    from first_conversions
    left join lead_moments
        on
            first_conversions.lead_number = lead_moments.lead_number
            and lead_moments.moment <= first_conversions.converted_at
    group by first_conversions.lead_number, first_conversions.converted_at
)

select (epoch_us(converted_at) - epoch_us(moment)) // 86400000000 as days, count(*) as wins
from last_moments
group by days
