-- One row per value of the column that figures can be split by, sorted.
-- Tables: first_touches. Bindings: SEGMENT(), on leads, accounts or first_touches. $limit: how many at most.
select distinct coalesce(SEGMENT(), '(missing)') as segment
from leads
left join accounts on leads.account_id = accounts.account_id
left join first_touches on leads.lead_number = first_touches.lead_number
order by segment
limit $limit
