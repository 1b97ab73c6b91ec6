-- One row per answer of sales to a lead (accepted or rejected it), in order of lead and time: the lead's source and
-- its campaign, a first touch only when it came before. row_number is dense from 0. At equal times a rejection counts.
-- Tables: answers (stage, is_rejected), first_touches.
-- Bindings: SOURCE(), a column of leads or accounts; CAMPAIGN(), one of leads or first_touches, or the empty text;
-- EXCLUDED(), true for a lead that is left out. $observed_until: timestamp.
with given as (
    select
        outcomes.lead_number,
        outcomes.occurred_at as moment,
        answers.is_rejected,
        outcomes.reason,
        outcomes.owner
    from outcomes
    inner join answers on lower(outcomes.stage) = answers.stage
    where outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
    qualify
        row_number() over (
            partition by outcomes.lead_number, outcomes.occurred_at
            order by case when answers.is_rejected then 0 else 1 end, outcomes.reason, outcomes.owner
        ) = 1
)

select
    cast(row_number() over (order by given.lead_number, given.moment) - 1 as integer) as row_number,
    given.lead_number,
    given.moment,
    given.is_rejected,
    given.reason,
    given.owner,
    leads.lead_id,
    SOURCE() as source,
    CAMPAIGN() as campaign
from given
inner join leads on given.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
left join first_touches
    on given.lead_number = first_touches.lead_number and first_touches.touched_at < given.moment
where not coalesce(EXCLUDED(), false)
order by row_number
