-- One row per lead and moment at which it is scored: known, not excluded, open, not too old; in the order of lead
-- and moment. Every other column of the same lead-moments (labels, counts, segments) stands in that order.
-- Tables: periods (period, starts_at, ends_at), closures. Bindings: EXCLUDED(), true for a lead that is left out.
-- $at_period_start: boolean, else at created_at + $delay; $delay, $max_age: intervals;
-- $latest_moment: timestamp, the last moment that exists.
with pauses as (
    select lead_number, closed_at, reopened_at
    from closures
    where reopened_at is not null
),

lives as (
    select
        leads.lead_number,
        leads.created_at,
        min(case when closures.reopened_at is null then closures.closed_at end) as ended_at
    from leads
    left join closures on leads.lead_number = closures.lead_number
    where not coalesce(EXCLUDED(), false)
    group by leads.lead_number, leads.created_at
),

candidates as (
    select lives.lead_number, lives.created_at, lives.ended_at, periods.starts_at as moment, periods.period
    from lives
    inner join periods on lives.created_at < periods.starts_at
    where $at_period_start
    union all
    select lives.lead_number, lives.created_at, lives.ended_at, lives.created_at + $delay as moment, periods.period
    from lives
    inner join periods
        on periods.starts_at <= lives.created_at + $delay and lives.created_at + $delay < periods.ends_at
    where not $at_period_start
)

select candidates.lead_number, candidates.moment, candidates.period
from candidates
-- An anti join by hand: `not exists` over two inequalities takes three times as long.
left join pauses
    on
        candidates.lead_number = pauses.lead_number
        and pauses.closed_at < candidates.moment
        and candidates.moment <= pauses.reopened_at
where
    pauses.lead_number is null
    and candidates.moment <= $latest_moment
    and candidates.moment - $max_age <= candidates.created_at
    and (candidates.ended_at is null or candidates.moment <= candidates.ended_at)
order by candidates.lead_number, candidates.moment
