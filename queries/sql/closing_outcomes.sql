-- One row per lead-moment that is asked for, by place: the lead's last closing or converting outcome at or after the
-- moment, nulls where there is none. The owner is its owner, else that of the lead's latest outcome that names one; the
-- reason is its reason, and without a closing outcome that of the lead's latest outcome that names one, whenever it came.
-- last_stage is the stage of the lead's latest outcome.
-- Tables: wanted (place, lead_number, moment), stages (stage, is_conversion, is_closing, is_reopening).
-- $observed_until: timestamp.
with closings as (
    select wanted.place, outcomes.occurred_at, outcomes.stage, outcomes.owner, outcomes.reason
    from wanted
    inner join outcomes on wanted.lead_number = outcomes.lead_number and wanted.moment <= outcomes.occurred_at
    inner join stages on lower(outcomes.stage) = stages.stage
    where (stages.is_closing or stages.is_conversion) and outcomes.occurred_at <= $observed_until
    qualify
        row_number() over (partition by wanted.place order by outcomes.occurred_at desc, outcomes.stage) = 1
),

last_owners as (
    select outcomes.lead_number, outcomes.owner
    from outcomes
    where outcomes.lead_number is not null and outcomes.owner is not null and outcomes.occurred_at <= $observed_until
    qualify
        row_number() over (
            partition by outcomes.lead_number order by outcomes.occurred_at desc, outcomes.owner
        ) = 1
),

last_reasons as (
    select outcomes.lead_number, outcomes.reason
    from outcomes
    where outcomes.lead_number is not null and outcomes.reason is not null and outcomes.occurred_at <= $observed_until
    qualify
        row_number() over (
            partition by outcomes.lead_number order by outcomes.occurred_at desc, outcomes.reason
        ) = 1
),

last_stages as (
    select outcomes.lead_number, outcomes.stage
    from outcomes
    where outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
    qualify
        row_number() over (
            partition by outcomes.lead_number order by outcomes.occurred_at desc, outcomes.stage
        ) = 1
)

select
    wanted.place,
    leads.lead_id,
    closings.occurred_at as ended_at,
    closings.stage as ended_as,
    coalesce(closings.owner, last_owners.owner) as owner,
    case when closings.place is null then last_reasons.reason else closings.reason end as reason,
    last_stages.stage as last_stage
from wanted
inner join leads on wanted.lead_number = leads.lead_number
left join closings on wanted.place = closings.place
left join last_owners on wanted.lead_number = last_owners.lead_number
left join last_reasons on wanted.lead_number = last_reasons.lead_number
left join last_stages on wanted.lead_number = last_stages.lead_number
order by wanted.place
