-- One row per type of activity: all of known leads, and those at or after their lead's first win.
-- Tables: activities, outcomes.
with wins as (
    select lead_number, min(occurred_at) as won_at
    from outcomes
    where lower(stage) = 'won' and lead_number is not null
    group by lead_number
)

select
    lower(activities.activity_type) as kind,
    count(*) as activities,
    count(*) filter (where wins.won_at <= activities.occurred_at) as after_win
from activities
left join wins on activities.lead_number = wins.lead_number
where activities.lead_number is not null
group by kind
