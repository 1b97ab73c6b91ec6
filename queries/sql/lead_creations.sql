-- One row per lead: when it was created.
select lead_number, created_at
from leads
