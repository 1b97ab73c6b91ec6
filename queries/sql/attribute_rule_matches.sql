-- One row: how many leads' attributes, or those of their accounts, a rule matches.
-- Bindings: TEST(), on leads or accounts.
select count(*) as leads
from leads
left join accounts on leads.account_id = accounts.account_id
where TEST()
