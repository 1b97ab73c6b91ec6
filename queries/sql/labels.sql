-- One row per lead-moment, in its order: whether the horizon has passed, whether the lead converted within it,
-- and the amount in ten-thousandths of the first such outcome.
-- Tables: lead_moments, lead_conversions. $horizon: interval; $observed_until: timestamp.
with ordered as (
    select
        lead_number,
        occurred_at,
        amount,
        lag(occurred_at) over (partition by lead_number order by occurred_at) as previous_at
    from lead_conversions
)

-- The first conversion at or after a moment is the one whose predecessor lies before the moment.
select
    lead_moments.moment + $horizon <= $observed_until as mature,
    ordered.lead_number is not null as converted,
    coalesce(ordered.amount, 0) as amount
from lead_moments
left join ordered
    on
        lead_moments.lead_number = ordered.lead_number
        and lead_moments.moment <= ordered.occurred_at
        and (ordered.previous_at is null or ordered.previous_at < lead_moments.moment)
        and ordered.occurred_at < lead_moments.moment + $horizon
order by lead_moments.row_number
