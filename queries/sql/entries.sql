-- One row per lead and tier that it ever entered: the first instant at which it was in that tier or a higher one.
-- Tables: scored (from scored.sql over entry_moments.sql and the rule counts), tiers (tier, threshold,
-- next_threshold). Bindings: STANDING(), the score, or the place in a grid.
select scored.lead_number, tiers.tier, min(scored.instant) as entered_at
from scored
inner join tiers on tiers.threshold <= STANDING() and STANDING() < tiers.next_threshold
group by scored.lead_number, tiers.tier
