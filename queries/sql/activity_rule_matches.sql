-- One row: how many leads have an activity that a rule matches, whenever it was.
-- Bindings: TEST(), on activities.
select count(distinct lead_number) as leads
from activities
where lead_number is not null and TEST()
