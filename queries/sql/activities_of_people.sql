-- One row per activity of the leads that are asked for: all of its columns.
-- Tables: people (lead_number). Groups: columns, with ATTRIBUTE() of activities.
select activities.lead_number, EACH(columns, ATTRIBUTE())
from activities
inner join people on activities.lead_number = people.lead_number
