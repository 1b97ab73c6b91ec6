-- One row, or none when the id is unknown: a lead's number, creation and account, and whether it is left out.
-- Bindings: EXCLUDED(), true for a lead that is left out. $lead_id: text.
select leads.lead_number, leads.created_at, leads.account_id, coalesce(EXCLUDED(), false) as excluded
from leads
where leads.lead_id = $lead_id
