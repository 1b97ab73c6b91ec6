-- One row per lead and activity that no other follows within $reset: after that long a silence,
-- what the lead did up to then no longer counts.
-- $reset: interval.
with followed as (
    select
        lead_number,
        occurred_at,
        lead(occurred_at) over (partition by lead_number order by occurred_at) as next_at
    from activities
    where lead_number is not null
)

select lead_number, occurred_at as last_at
from followed
where next_at is null or next_at - occurred_at >= $reset
