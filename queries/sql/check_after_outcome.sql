-- One row per activity type and stage: the activities of that type by leads, and how many of them came after their
-- lead's first outcome in that stage.
with firsts as (
    select
        lead_number,
        lower(stage) as stage,
        min(occurred_at) as first_at
    from outcomes
    where lead_number is not null
    group by lead_number, lower(stage)
),

after_stage as (
    select
        activities.activity_type,
        firsts.stage,
        count(*) as after_count
    from activities
    inner join firsts
        on activities.lead_number = firsts.lead_number
        and activities.occurred_at > firsts.first_at
    group by activities.activity_type, firsts.stage
),

totals as (
    select
        activity_type,
        count(*) as total_count
    from activities
    where lead_number is not null
    group by activity_type
)

select
    after_stage.activity_type,
    after_stage.stage,
    after_stage.after_count,
    totals.total_count
from after_stage
inner join totals
    on after_stage.activity_type = totals.activity_type
order by after_stage.activity_type, after_stage.stage
