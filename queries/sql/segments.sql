-- One row per lead-moment, in its order: the lead's value of the column that the figures are split by.
-- Tables: lead_moments. Bindings: SEGMENT(), on leads or accounts.
select coalesce(SEGMENT(), '(missing)') as segment
from lead_moments
inner join leads on lead_moments.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
order by lead_moments.row_number
