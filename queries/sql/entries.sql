-- One row per lead and tier that it ever entered: the first instant at which its score reached the threshold.
-- Tables: scored (from scored.sql over entry_moments.sql and the rule counts), tiers (tier, threshold).
select scored.lead_number, tiers.tier, min(scored.instant) as entered_at
from scored
inner join tiers on tiers.threshold <= scored.score
group by scored.lead_number, tiers.tier
