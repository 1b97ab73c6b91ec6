-- One row per lead and instant at which it may enter a tier: its creation, and each of its own activities from then on
-- (one row for activities at one time), while the lead is open, not excluded and not too old. It is scored $tick later,
-- so that what happened at the instant counts. row_number is dense from 0 in the order of lead and instant.
-- Tables: stages (stage, is_conversion, is_closing, is_reopening). Bindings: EXCLUDED(), true for a lead that
-- is left out. $first_lead, $last_lead: lead numbers, both included; $tick, $max_age: intervals;
-- $repeatable: boolean; $observed_until: timestamp, the last outcome and the last instant.
with known_outcomes as (
    select
        outcomes.lead_number,
        outcomes.occurred_at,
        stages.is_conversion,
        stages.is_closing,
        stages.is_reopening
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where
        outcomes.lead_number >= $first_lead
        and outcomes.lead_number <= $last_lead
        and outcomes.occurred_at <= $observed_until
),

candidates as (
    select leads.lead_number, leads.created_at, leads.created_at as instant
    from leads
    where
        leads.lead_number >= $first_lead
        and leads.lead_number <= $last_lead
        and leads.created_at <= $observed_until
        and not coalesce(EXCLUDED(), false)
    union
    select leads.lead_number, leads.created_at, activities.occurred_at as instant
    from leads
    inner join activities
        on leads.lead_number = activities.lead_number and leads.created_at < activities.occurred_at
    where
        activities.lead_number >= $first_lead
        and activities.lead_number <= $last_lead
        and activities.occurred_at <= $observed_until
        and activities.occurred_at - $max_age <= leads.created_at
        and not coalesce(EXCLUDED(), false)
),

first_conversions as (
    select lead_number, min(occurred_at) as converted_at
    from known_outcomes
    where is_conversion
    group by lead_number
),

-- A lead is closed from a closing outcome to the next reopening one; at equal times closing wins.
closures as (
    select closing.lead_number, closing.occurred_at as closed_at, min(reopening.occurred_at) as reopened_at
    from known_outcomes as closing
    left join known_outcomes as reopening
        on
            closing.lead_number = reopening.lead_number
            and reopening.is_reopening
            and closing.occurred_at < reopening.occurred_at
    where closing.is_closing
    group by closing.lead_number, closing.occurred_at
),

open_instants as (
    select candidates.lead_number, candidates.instant, candidates.instant + $tick as moment
    from candidates
    left join first_conversions on candidates.lead_number = first_conversions.lead_number
    where
        (
            $repeatable
            or first_conversions.converted_at is null
            or candidates.instant <= first_conversions.converted_at
        )
        and not exists (
            select 1
            from closures
            where
                closures.lead_number = candidates.lead_number
                and closures.closed_at < candidates.instant
                and (closures.reopened_at is null or candidates.instant <= closures.reopened_at)
        )
)

select
    cast(row_number() over (order by lead_number, instant) - 1 as integer) as row_number,
    lead_number,
    instant,
    moment
from open_instants
order by row_number
