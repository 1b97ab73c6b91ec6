-- One row per scored lead, by place: when it last did something before a moment, and who owned its last outcome before it.
-- Tables: wanted (place, lead_number). $moment, $observed_until: timestamps, the last outcome that counts.
with last_activities as (
    select lead_number, max(occurred_at) as occurred_at
    from activities
    where lead_number is not null and occurred_at < $moment
    group by lead_number
),

last_owners as (
    select lead_number, owner
    from outcomes
    where
        lead_number is not null
        and owner is not null
        and occurred_at < $moment
        and occurred_at <= $observed_until
    qualify row_number() over (partition by lead_number order by occurred_at desc, owner) = 1
)

select last_activities.occurred_at as last_activity_at, last_owners.owner
from wanted
left join last_activities on wanted.lead_number = last_activities.lead_number
left join last_owners on wanted.lead_number = last_owners.lead_number
order by wanted.place
