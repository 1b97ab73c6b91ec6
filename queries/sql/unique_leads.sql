-- One row per tier, and one without a tier for all: distinct leads and distinct converted leads over all mature
-- lead-moments.
-- Tables: scored (from scored.sql over the columns of all lead-moments), tiers (tier, threshold, next_threshold).
-- Bindings: STANDING(), the score, or the place in a grid.
with placed as (
    select tiers.tier, scored.lead_number, scored.converted
    from scored
    inner join tiers on tiers.threshold <= STANDING() and STANDING() < tiers.next_threshold
    where scored.mature
),

by_lead as (
    select tier, lead_number, count(*) filter (where converted) as conversions
    from placed
    group by tier, lead_number
    union all
    select null as tier, lead_number, count(*) filter (where converted) as conversions
    from placed
    group by lead_number
)

select tier, count(*) as leads, count(*) filter (where conversions > 0) as converted_leads
from by_lead
group by tier
