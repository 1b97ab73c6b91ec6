-- One row per type of activity, in lower case: activities of leads that count, those at or after their lead's first
-- conversion, those within $day before it, the leads behind the two, and the first of these leads as an example.
-- Tables: lead_ends. $day: interval; $observed_until: timestamp.
with followers as (
    select
        lower(activities.activity_type) as activity_type,
        count(*) as activities,
        count(*) filter (where lead_ends.converted_at <= activities.occurred_at) as after_count,
        count(*) filter (
            where activities.occurred_at < lead_ends.converted_at
            and lead_ends.converted_at - $day <= activities.occurred_at
        ) as just_before_count,
        count(distinct case
            when lead_ends.converted_at - $day <= activities.occurred_at then lead_ends.lead_number
        end) as leads,
        min(case
            when lead_ends.converted_at - $day <= activities.occurred_at then lead_ends.lead_number
        end) as first_lead
    from activities
    inner join lead_ends on activities.lead_number = lead_ends.lead_number
    where activities.occurred_at <= $observed_until
    group by lower(activities.activity_type)
)

select
    followers.activity_type,
    followers.activities,
    followers.after_count,
    followers.just_before_count,
    followers.leads,
    leads.lead_id as example_lead_id
from followers
left join leads on followers.first_lead = leads.lead_number
order by followers.activity_type
