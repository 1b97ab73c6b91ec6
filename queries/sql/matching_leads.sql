-- One row per lead whose attributes satisfy a filter.
-- Bindings: WANTED(), a test on leads and accounts.
select leads.lead_number
from leads
left join accounts on leads.account_id = accounts.account_id
where WANTED()
