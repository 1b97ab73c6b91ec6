-- One row per outcome that ends the scoring of a lead: from when, and until when, null for good. A closing outcome
-- holds until the next reopening one (at equal times closing wins), a conversion for good unless it may repeat.
-- Tables: stages (stage, is_conversion, is_closing, is_reopening).
-- $repeatable: boolean; $observed_until: timestamp, the last outcome that counts.
with known_outcomes as (
    select
        outcomes.lead_number,
        outcomes.occurred_at,
        stages.is_conversion,
        stages.is_closing,
        stages.is_reopening
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    where outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
)

select closing.lead_number, closing.occurred_at as closed_at, min(reopening.occurred_at) as reopened_at
from known_outcomes as closing
left join known_outcomes as reopening
    on
        closing.lead_number = reopening.lead_number
        and reopening.is_reopening
        and closing.occurred_at < reopening.occurred_at
where closing.is_closing
group by closing.lead_number, closing.occurred_at
union all
select lead_number, occurred_at as closed_at, null as reopened_at
from known_outcomes
where is_conversion and not $repeatable
