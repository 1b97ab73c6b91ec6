-- One row per lead of an account, by lead number.
-- $account_id: text.
select leads.lead_number, leads.lead_id
from leads
where leads.account_id = $account_id
order by leads.lead_number
