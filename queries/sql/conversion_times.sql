-- One row per lead-moment that was followed by a conversion within the horizon, in its order: when the first one
-- was. Together with labels.sql: these are the rows that are converted there.
-- Tables: lead_moments, stages. $horizon: interval; $observed_until: timestamp.
with conversions as (
    select outcomes.lead_number, outcomes.occurred_at
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where
        stages.is_conversion
        and outcomes.lead_number is not null
        and outcomes.occurred_at <= $observed_until
)

select lead_moments.row_number, min(conversions.occurred_at) as converted_at
from lead_moments
inner join conversions
    on
        lead_moments.lead_number = conversions.lead_number
        and lead_moments.moment <= conversions.occurred_at
        and conversions.occurred_at < lead_moments.moment + $horizon
group by lead_moments.row_number
order by lead_moments.row_number
