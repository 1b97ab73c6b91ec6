-- One row per scored lead, by lead_id: its live score, null where the column holds no number.
-- Tables: scores (lead_id). Bindings: NUMBER(), the column of leads as a number.
select scores.lead_id, NUMBER() as live
from scores
inner join leads on scores.lead_id = leads.lead_id
order by leads.lead_number
