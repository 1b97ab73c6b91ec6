-- One row: conversions of leads that are not excluded, those dated before their lead was created, and the first of these.
-- Tables: stages. Bindings: EXCLUDED(). $observed_until: timestamp.
with conversions as (
    select leads.lead_id, leads.lead_number, leads.created_at, outcomes.occurred_at
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    inner join leads on outcomes.lead_number = leads.lead_number
    where stages.is_conversion and outcomes.occurred_at <= $observed_until and not coalesce(EXCLUDED(), false)
),

early as (
    select lead_id, created_at, occurred_at
    from conversions
    where occurred_at < created_at
    qualify row_number() over (order by lead_number, occurred_at) = 1
)

select
    totals.conversions,
    totals.before_creation,
    totals.leads,
    early.lead_id,
    early.created_at,
    early.occurred_at
from (
    select
        count(*) as conversions,
        count(*) filter (where occurred_at < created_at) as before_creation,
        count(distinct case when occurred_at < created_at then lead_number end) as leads
    from conversions
) as totals
left join early on true
