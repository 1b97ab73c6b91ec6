-- One row per mature lead-moment: the lead's number, period, score under both models, outcome.
-- Tables: scored (from scored.sql with the draft over lead-moments, which carry score_a, the model in use's score).
-- Groups: places, with PLACE(), the places in the grids of models that have one.
select
    lead_number,
    period,
    score_a,
    score as score_b,
    converted,
    EACH(places, PLACE())
from scored
where mature
