-- One row per lead that is asked for and had such an outcome between two instants (the first one included): by place,
-- whether it converted and whether it was closed then.
-- Tables: wanted (place, lead_number, since, before), stages (stage, is_conversion, is_closing, is_reopening).
-- $observed_until: timestamp, the last outcome that counts.
select
    wanted.place,
    max(case when stages.is_conversion then 1 else 0 end) as converted,
    max(case when stages.is_closing then 1 else 0 end) as closed
from wanted
inner join outcomes
    on
        wanted.lead_number = outcomes.lead_number
        and wanted.since <= outcomes.occurred_at
        and outcomes.occurred_at < wanted.before
inner join stages on lower(outcomes.stage) = stages.stage
where outcomes.occurred_at <= $observed_until
group by wanted.place
