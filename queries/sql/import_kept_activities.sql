-- The activities of the previous version, with the numbers of the leads as they are now.
create table version.activities as
select
    leads.lead_number,
    kept.* exclude (lead_number)
from previous.activities as kept
left join version.leads as leads
    on kept.lead_id = leads.lead_id
order by leads.lead_number nulls last, kept.occurred_at
