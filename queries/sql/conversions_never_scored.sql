-- One row per lead whose first conversion came before it was ever scored, by time: the same leads that
-- unscored_conversions.sql counts.
-- Tables: lead_moments, stages, periods. Bindings: EXCLUDED(). $observed_until: timestamp.
with first_conversions as (
    select outcomes.lead_number, min(outcomes.occurred_at) as converted_at
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where stages.is_conversion and outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
    group by outcomes.lead_number
),

first_moments as (
    select lead_number, min(moment) as moment
    from lead_moments
    group by lead_number
)

select leads.lead_number, first_conversions.converted_at, periods.period
from first_conversions
inner join leads on first_conversions.lead_number = leads.lead_number
left join first_moments on first_conversions.lead_number = first_moments.lead_number
inner join periods
    on periods.starts_at <= first_conversions.converted_at and first_conversions.converted_at < periods.ends_at
where
    not coalesce(EXCLUDED(), false)
    and (first_moments.moment is null or first_conversions.converted_at < first_moments.moment)
order by first_conversions.converted_at, leads.lead_number
