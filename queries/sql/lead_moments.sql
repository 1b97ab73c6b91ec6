-- One row per lead and moment at which it is scored: known, not excluded, open, not too old.
-- row_number is dense from 0 in the order of lead and moment; every other column of the same lead-moments
-- (labels, counts, segments) stands in that order.
-- Tables: periods (period, starts_at, ends_at), stages (stage, is_conversion, is_closing, is_reopening),
-- streak_ends. Bindings: EXCLUDED(), true for a lead that is left out.
-- $at_period_start: boolean, else at created_at + $delay; $delay, $max_age, $reset: intervals;
-- $repeatable: boolean; $observed_until, $latest_moment: timestamps, the last outcome and the last moment that exist.
with known_outcomes as (
    select
        outcomes.lead_number,
        outcomes.occurred_at,
        stages.is_conversion,
        stages.is_closing,
        stages.is_reopening
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
),

candidates as (
    select leads.lead_number, leads.created_at, periods.starts_at as moment
    from leads
    inner join periods on leads.created_at < periods.starts_at
    where $at_period_start and not coalesce(EXCLUDED(), false)
    union all
    select leads.lead_number, leads.created_at, leads.created_at + $delay as moment
    from leads
    where not $at_period_start and not coalesce(EXCLUDED(), false)
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

open_moments as (
    select candidates.lead_number, candidates.moment
    from candidates
    left join first_conversions on candidates.lead_number = first_conversions.lead_number
    where
        candidates.moment <= $latest_moment
        and candidates.moment - $max_age <= candidates.created_at
        and (
            $repeatable
            or first_conversions.converted_at is null
            or candidates.moment <= first_conversions.converted_at
        )
        and not exists (
            select 1
            from closures
            where
                closures.lead_number = candidates.lead_number
                and closures.closed_at < candidates.moment
                and (closures.reopened_at is null or candidates.moment <= closures.reopened_at)
        )
),

seen as (
    select open_moments.lead_number, open_moments.moment, max(streak_ends.last_at) as seen_after
    from open_moments
    left join streak_ends
        on
            open_moments.lead_number = streak_ends.lead_number
            and streak_ends.last_at + $reset <= open_moments.moment
    group by open_moments.lead_number, open_moments.moment
)

select
    cast(row_number() over (order by seen.lead_number, seen.moment) - 1 as integer) as row_number,
    seen.lead_number,
    seen.moment,
    seen.seen_after,
    periods.period
from seen
inner join periods on periods.starts_at <= seen.moment and seen.moment < periods.ends_at
order by row_number
