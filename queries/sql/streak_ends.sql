-- One row per lead and activity that no other follows within $reset: after that long a silence,
-- what the lead did up to then no longer counts.
-- $reset: interval.
with spans as (
    select lead_number, min(occurred_at) as first_at, max(occurred_at) as last_at
    from activities
    where lead_number is not null
    group by lead_number
),

-- Only a lead that was known for so long can have been silent for so long in between; few are.
followed as (
    select
        activities.lead_number,
        activities.occurred_at,
        lead(activities.occurred_at) over (
            partition by activities.lead_number order by activities.occurred_at
        ) as next_at
    from activities
    inner join spans on activities.lead_number = spans.lead_number
    where spans.first_at + $reset <= spans.last_at
)

select lead_number, occurred_at as last_at
from followed
where next_at - occurred_at >= $reset
union all
select lead_number, last_at
from spans
