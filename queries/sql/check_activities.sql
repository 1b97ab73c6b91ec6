-- One row: activities of unknown leads, and activities after the import. Parameters: $imported_at.
select
    count(*) as activities,
    count(*) filter (where lead_number is null) as orphans,
    count(*) filter (where occurred_at > $imported_at) as in_future
from activities
