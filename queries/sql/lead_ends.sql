-- One row per lead that is not excluded and was created by the end of the data: the period it was created in,
-- how it ended, and its first conversion. Tells what converted leads have and others have not.
-- Tables: periods (period, starts_at, ends_at), stages (stage, is_conversion, is_closing, is_reopening).
-- Bindings: EXCLUDED(), true for a lead that is left out. $observed_until: timestamp, the last outcome that counts.
-- ending: 2 converted, 1 closed without (not reopened since), 0 still open.
with ends as (
    select
        outcomes.lead_number,
        min(case when stages.is_conversion then outcomes.occurred_at end) as converted_at,
        max(case when stages.is_closing then outcomes.occurred_at end) as closed_at,
        max(case when stages.is_reopening then outcomes.occurred_at end) as reopened_at
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
    group by outcomes.lead_number
)

select
    leads.lead_number,
    periods.period as cohort,
    cast(
        case
            when ends.converted_at is not null then 2
            when ends.closed_at is not null and (ends.reopened_at is null or ends.reopened_at <= ends.closed_at) then 1
            else 0
        end as smallint
    ) as ending,
    ends.converted_at
from leads
inner join periods on periods.starts_at <= leads.created_at and leads.created_at < periods.ends_at
left join ends on leads.lead_number = ends.lead_number
where not coalesce(EXCLUDED(), false) and leads.created_at <= $observed_until
