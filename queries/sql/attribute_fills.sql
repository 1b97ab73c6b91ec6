-- One row per cohort and ending: leads, and of each attribute how many leads have a value and how many a number.
-- Tables: lead_ends. Groups: filled and numbers, with VALUE() and NUMBER(), an attribute of leads or accounts.
select
    lead_ends.cohort,
    lead_ends.ending,
    count(*) as leads,
    EACH(filled, count(VALUE())),
    EACH(numbers, count(NUMBER()))
from lead_ends
inner join leads on lead_ends.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
group by lead_ends.cohort, lead_ends.ending
