-- One row per table with times that are too early to be true: how many there are, the earliest, and the lead that it
-- is about. Parameters: $earliest (the first time that is believed).
select
    times.table_name,
    count(*) as rows,
    min(times.time) as first_time,
    arg_min(times.lead_id, times.time) as lead_id
from (
    select
        'leads' as table_name,
        leads.created_at as time,
        leads.lead_id
    from leads
    union all
    select
        'activities' as table_name,
        activities.occurred_at as time,
        activities.lead_id
    from activities
    union all
    select
        'outcomes' as table_name,
        outcomes.occurred_at as time,
        outcomes.lead_id
    from outcomes
) as times
where times.time < $earliest
group by times.table_name
order by times.table_name
