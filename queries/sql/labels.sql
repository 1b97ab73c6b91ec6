-- One row per lead-moment, in its order: whether the horizon has passed, whether the lead converted within it,
-- and the amount in ten-thousandths of the first such outcome.
-- Tables: lead_moments, stages. Bindings: EXCLUDED().
-- $horizon: interval; $observed_until: timestamp.
with conversions as (
    select outcomes.lead_number, outcomes.occurred_at, outcomes.deal_id, outcomes.amount_ten_thousandths
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where
        stages.is_conversion
        and outcomes.lead_number is not null
        and outcomes.occurred_at <= $observed_until
),

-- A deal that several leads share counts once, for the lead that converted first.
deal_owners as (
    select conversions.deal_id, conversions.lead_number
    from conversions
    inner join leads on conversions.lead_number = leads.lead_number
    where conversions.deal_id is not null and not coalesce(EXCLUDED(), false)
    qualify
        row_number() over (
            partition by conversions.deal_id order by conversions.occurred_at, conversions.lead_number
        ) = 1
),

dated as (
    select
        conversions.lead_number,
        conversions.occurred_at,
        max(
            case
                when conversions.deal_id is null or deal_owners.deal_id is not null
                    then coalesce(conversions.amount_ten_thousandths, 0)
                else 0
            end
        ) as amount
    from conversions
    left join deal_owners
        on
            conversions.deal_id = deal_owners.deal_id
            and conversions.lead_number = deal_owners.lead_number
    group by conversions.lead_number, conversions.occurred_at
),

-- The first conversion at or after a moment is the one whose predecessor lies before the moment.
ordered as (
    select
        lead_number,
        occurred_at,
        amount,
        lag(occurred_at) over (partition by lead_number order by occurred_at) as previous_at
    from dated
)

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
