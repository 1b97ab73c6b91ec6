-- One row per table whose rows of unknown leads would have a lead if ids were compared without regard to case, blanks
-- around them, zeros before and ".0" behind: how many rows, and an example with the lead's own id.
with known as (
    select
        regexp_replace(ltrim(lower(trim(leads.lead_id)), '0'), '\.0+$', '') as plain_id,
        min(leads.lead_id) as lead_id
    from leads
    group by plain_id
    having count(*) = 1
),
unknown as (
    select
        'activities' as table_name,
        activities.lead_id,
        count(*) as rows
    from activities
    where activities.lead_number is null
    group by activities.lead_id
    union all
    select
        'outcomes' as table_name,
        outcomes.lead_id,
        count(*) as rows
    from outcomes
    where outcomes.lead_number is null
    group by outcomes.lead_id
)
select
    unknown.table_name,
    cast(sum(unknown.rows) as bigint) as rows,
    min(unknown.lead_id) as written,
    arg_min(known.lead_id, unknown.lead_id) as known
from unknown
inner join known
    on known.plain_id = regexp_replace(ltrim(lower(trim(unknown.lead_id)), '0'), '\.0+$', '')
group by unknown.table_name
order by unknown.table_name
