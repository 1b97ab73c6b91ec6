-- One row, or none: the first lead of an ending that has a value of an attribute, the given one if one is given.
-- Tables: lead_ends. Bindings: VALUE(), an attribute of leads or accounts.
-- $ending: 0 open, 1 lost, 2 converted; $any_value: boolean; $value: text.
select leads.lead_id, VALUE() as value
from lead_ends
inner join leads on lead_ends.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
where lead_ends.ending = $ending and VALUE() is not null and ($any_value or VALUE() = $value)
order by leads.lead_number
limit 1
