-- One row per part of the leads but the first: the number and the id that it begins with. Parameters: $part_leads (leads
-- in a part).
select lead_number, lead_id
from version.leads
where lead_number > 0 and lead_number % $part_leads = 0
order by lead_number
