-- One row per mature lead-moment whose tier differs between two models, by time and lead: both tiers and scores,
-- and whether the lead converted.
-- Tables: scored (from scored.sql with the draft over lead-moments, which carry score_a, the model in use's score),
-- judged_periods (period, label), tiers_a and tiers_b (tier, threshold, next_threshold).
-- Bindings: STANDING_A() and STANDING(), the scores, or the places in a grid, under the two models.
select
    leads.lead_id,
    judged_periods.label as period,
    scored.moment,
    tiers_a.tier as tier_in_use,
    tiers_b.tier as tier_in_draft,
    scored.score_a as score_in_use,
    scored.score as score_in_draft,
    scored.converted
from scored
inner join judged_periods on scored.period = judged_periods.period
inner join tiers_a on tiers_a.threshold <= STANDING_A() and STANDING_A() < tiers_a.next_threshold
inner join tiers_b on tiers_b.threshold <= STANDING() and STANDING() < tiers_b.next_threshold
inner join leads on scored.lead_number = leads.lead_number
where scored.mature and tiers_a.tier <> tiers_b.tier
order by scored.moment, leads.lead_id
