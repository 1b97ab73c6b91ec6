-- One row per lead that is asked for: one of its attributes.
-- Tables: people (lead_number). Bindings: ATTRIBUTE(), a text of leads.
select leads.lead_number, ATTRIBUTE() as value
from leads
inner join people on leads.lead_number = people.lead_number
