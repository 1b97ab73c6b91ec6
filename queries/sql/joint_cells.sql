-- One row per period, score under the model in use, score under the draft, and outcome: mature leads.
-- Tables: scored (from scored.sql with the draft over joint patterns, which carry score_a, the model in use's score).
select
    period,
    score_a,
    score as score_b,
    converted,
    cast(sum(leads) as bigint) as leads
from scored
where mature
group by period, score_a, score, converted
