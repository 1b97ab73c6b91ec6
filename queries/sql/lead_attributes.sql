-- One row per lead that is asked for, by place: attributes of the lead and of its account.
-- Tables: wanted (place, lead_number). Groups: columns, with ATTRIBUTE() of leads or accounts.
select wanted.place, leads.lead_id, leads.created_at, EACH(columns, ATTRIBUTE())
from wanted
inner join leads on wanted.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
order by wanted.place
