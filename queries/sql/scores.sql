-- One row per scored lead, by lead_id: the moment, the score and what each rule gives.
-- Tables: scored (from scored.sql over the columns of all lead-moments). Groups: rules, with RESULT(); places, with PLACE().
select
    leads.lead_id,
    lead_moments.moment,
    scored.score,
    EACH(places, PLACE()),
    EACH(rules, cast(RESULT() as bigint))
from scored
inner join lead_moments on scored.row_number = lead_moments.row_number
inner join leads on lead_moments.lead_number = leads.lead_number
order by lead_moments.row_number
