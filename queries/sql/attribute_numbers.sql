-- One row per number that an attribute holds, and cohort: leads by how they ended. Leads without a number are left out.
-- Tables: lead_ends. Bindings: NUMBER(), an attribute of leads or accounts as a number.
select
    NUMBER() as number,
    lead_ends.cohort,
    count(*) filter (where lead_ends.ending = 2) as converted,
    count(*) filter (where lead_ends.ending = 1) as lost,
    count(*) filter (where lead_ends.ending = 0) as still_open
from lead_ends
inner join leads on lead_ends.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
where NUMBER() is not null
group by NUMBER(), lead_ends.cohort
