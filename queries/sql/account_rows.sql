-- One row per account that is asked for, by place: its attributes, null where accounts does not have it.
-- Tables: wanted (place, account_id). Groups: columns, with ATTRIBUTE() of accounts.
select wanted.place, wanted.account_id, EACH(columns, ATTRIBUTE())
from wanted
left join accounts on wanted.account_id = accounts.account_id
order by wanted.place
