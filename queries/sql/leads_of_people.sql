-- One row per lead that is asked for: all of its columns.
-- Tables: people (lead_number). Groups: columns, with ATTRIBUTE() of leads.
select leads.lead_number, EACH(columns, ATTRIBUTE())
from leads
inner join people on leads.lead_number = people.lead_number
