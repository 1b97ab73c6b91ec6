-- One row per lead of an account, by lead_id: all that its state and its place in the buying committee need.
-- Bindings: EXCLUDED(), true for a lead that is left out; DEPARTMENT() and TITLE(), texts of leads.
-- $account_id: text; $moment: timestamp, the instant before which activities are looked at.
with people as (
    select
        leads.lead_number,
        leads.lead_id,
        leads.created_at,
        DEPARTMENT() as department,
        TITLE() as title,
        coalesce(EXCLUDED(), false) as excluded
    from leads
    where leads.account_id = $account_id
),

last_activities as (
    select activities.lead_number, max(activities.occurred_at) as occurred_at
    from activities
    inner join people on activities.lead_number = people.lead_number
    where activities.occurred_at < $moment
    group by activities.lead_number
)

select
    people.lead_number,
    people.lead_id,
    people.created_at,
    people.department,
    people.title,
    people.excluded,
    last_activities.occurred_at as last_activity_at
from people
left join last_activities on people.lead_number = last_activities.lead_number
order by people.lead_id
