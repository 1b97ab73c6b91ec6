-- One row per lead and tier that it ever entered, but for a tier that it passed in the same instant: when sales did
-- something first from then on (null: never), and whether sales had the lead in its hands already.
-- Tables: entries (lead_number, tier, entered_at), roles (stage, is_accepted, is_qualified, is_won, is_other).
-- $observed_until: timestamp.
with marks as (
    select
        outcomes.lead_number,
        outcomes.occurred_at,
        roles.is_accepted or roles.is_qualified as takes
    from outcomes
    inner join roles on lower(outcomes.stage) = roles.stage
    where outcomes.lead_number is not null and outcomes.occurred_at <= $observed_until
),

highest as (
    select entries.lead_number, entries.entered_at, max(entries.tier) as tier
    from entries
    group by entries.lead_number, entries.entered_at
),

answered as (
    select highest.lead_number, highest.tier, min(marks.occurred_at) as touched_at
    from highest
    inner join marks on highest.lead_number = marks.lead_number and highest.entered_at <= marks.occurred_at
    group by highest.lead_number, highest.tier
),

earlier as (
    select highest.lead_number, highest.tier, marks.takes
    from highest
    inner join marks on highest.lead_number = marks.lead_number and marks.occurred_at < highest.entered_at
    qualify
        row_number() over (
            partition by highest.lead_number, highest.tier
            order by marks.occurred_at desc, case when marks.takes then 1 else 0 end
        ) = 1
)

select
    highest.lead_number,
    highest.tier,
    highest.entered_at,
    answered.touched_at,
    coalesce(earlier.takes, false) as in_hands
from highest
left join answered on highest.lead_number = answered.lead_number and highest.tier = answered.tier
left join earlier on highest.lead_number = earlier.lead_number and highest.tier = earlier.tier
order by highest.lead_number, highest.tier
