-- One row per lead that belongs to an account: which one.
select lead_number, account_id
from leads
where account_id is not null
