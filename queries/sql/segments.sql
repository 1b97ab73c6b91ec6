-- One row per lead-moment, in its order: the lead's value of the column that the figures are split by. A first touch
-- is known from the moment after it on.
-- Tables: lead_moments, first_touches. Bindings: SEGMENT(), on leads, accounts or first_touches.
select coalesce(SEGMENT(), '(missing)') as segment
from lead_moments
inner join leads on lead_moments.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
left join first_touches
    on lead_moments.lead_number = first_touches.lead_number and first_touches.touched_at < lead_moments.moment
order by lead_moments.row_number
