-- One row per segment and period: conversions of leads that had never been scored when they converted.
-- Tables: lead_moments, stages, periods, first_touches (known before the conversion). Bindings: SEGMENT(), EXCLUDED().
-- $observed_until: timestamp.
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

select coalesce(SEGMENT(), '(missing)') as segment, periods.period, count(*) as leads
from first_conversions
inner join leads on first_conversions.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
left join first_moments on first_conversions.lead_number = first_moments.lead_number
left join first_touches
    on first_conversions.lead_number = first_touches.lead_number
    and first_touches.touched_at < first_conversions.converted_at
inner join periods
    on periods.starts_at <= first_conversions.converted_at and first_conversions.converted_at < periods.ends_at
where
    not coalesce(EXCLUDED(), false)
    and (first_moments.moment is null or first_conversions.converted_at < first_moments.moment)
group by coalesce(SEGMENT(), '(missing)'), periods.period
