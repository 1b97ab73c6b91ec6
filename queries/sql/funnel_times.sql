-- One row per lead that the model does not leave out, in order of its number: when it was created, when its score
-- reached the tier, and when sales accepted, qualified and won it from then on; null for what did not happen.
-- Who was accepted or qualified last before its score got there (and not sent back since) is so at that instant.
-- Tables: entries (lead_number, tier, entered_at), roles (stage, is_accepted, is_qualified, is_won, is_other).
-- Bindings: EXCLUDED(), true for a lead that is left out. $tier: whole number; $observed_until: timestamp.
with marks as (
    select
        outcomes.lead_number,
        outcomes.occurred_at,
        roles.is_accepted,
        roles.is_qualified,
        roles.is_won,
        roles.is_other
    from outcomes
    inner join roles on lower(outcomes.stage) = roles.stage
    where outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
),

marketed as (
    select entries.lead_number, entries.entered_at
    from entries
    where entries.tier = $tier
),

-- A lead that got further was accepted, and qualified, at that instant at the latest.
later as (
    select
        marks.lead_number,
        min(case when marks.is_accepted or marks.is_qualified or marks.is_won then marks.occurred_at end)
            as accepted_at,
        min(case when marks.is_qualified or marks.is_won then marks.occurred_at end) as qualified_at,
        min(case when marks.is_won then marks.occurred_at end) as won_at
    from marks
    inner join marketed on marks.lead_number = marketed.lead_number and marketed.entered_at <= marks.occurred_at
    group by marks.lead_number
),

earlier as (
    select marks.lead_number, marks.is_accepted, marks.is_qualified
    from marks
    inner join marketed on marks.lead_number = marketed.lead_number and marks.occurred_at < marketed.entered_at
    qualify
        row_number() over (
            partition by marks.lead_number
            order by
                marks.occurred_at desc,
                case when marks.is_other or marks.is_won then 0 when marks.is_qualified then 1 else 2 end
        ) = 1
),

wins as (
    select marks.lead_number, min(marks.occurred_at) as first_won_at
    from marks
    where marks.is_won
    group by marks.lead_number
)

select
    leads.lead_number,
    leads.created_at,
    marketed.entered_at as marketed_at,
    case
        when earlier.is_accepted or earlier.is_qualified then marketed.entered_at else later.accepted_at
    end as accepted_at,
    case when earlier.is_qualified then marketed.entered_at else later.qualified_at end as qualified_at,
    later.won_at,
    wins.first_won_at
from leads
left join marketed on leads.lead_number = marketed.lead_number
left join later on leads.lead_number = later.lead_number
left join earlier on leads.lead_number = earlier.lead_number
left join wins on leads.lead_number = wins.lead_number
where leads.created_at <= $observed_until and not coalesce(EXCLUDED(), false)
order by leads.lead_number
