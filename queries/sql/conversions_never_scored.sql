-- One row per lead whose first conversion came before it was ever scored, by time.
-- Tables: lead_moments, lead_conversions, periods.
with first_conversions as (
    select lead_number, min(occurred_at) as converted_at
    from lead_conversions
    group by lead_number
),

first_moments as (
    select lead_number, min(moment) as moment
    from lead_moments
    group by lead_number
)

select first_conversions.lead_number, first_conversions.converted_at, periods.period
from first_conversions
left join first_moments on first_conversions.lead_number = first_moments.lead_number
inner join periods
    on periods.starts_at <= first_conversions.converted_at and first_conversions.converted_at < periods.ends_at
where first_moments.moment is null or first_conversions.converted_at < first_moments.moment
order by first_conversions.converted_at, first_conversions.lead_number
