-- One row per value of the column that figures can be split by, sorted.
-- Bindings: SEGMENT(), on leads or accounts. $limit: how many at most.
select distinct coalesce(SEGMENT(), '(missing)') as segment
from leads
left join accounts on leads.account_id = accounts.account_id
order by segment
limit $limit
