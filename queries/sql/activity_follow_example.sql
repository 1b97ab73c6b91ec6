-- One row: of one lead and type of activity (in lower case), the first activity at or after $day before the lead's first
-- conversion, and that conversion.
-- Tables: lead_ends. $lead_id, $activity_type: texts; $day: interval.
select leads.lead_id, min(activities.occurred_at) as occurred_at, min(lead_ends.converted_at) as converted_at
from leads
inner join lead_ends on leads.lead_number = lead_ends.lead_number
inner join activities on leads.lead_number = activities.lead_number
where
    leads.lead_id = $lead_id
    and lower(activities.activity_type) = $activity_type
    and lead_ends.converted_at - $day <= activities.occurred_at
group by leads.lead_id
