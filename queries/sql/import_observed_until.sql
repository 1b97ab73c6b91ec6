-- One row: the latest time, not after the import, of the activities and outcomes of known leads, NULL when there is none.
-- Parameters: $imported_at.
select max(occurred_at) as observed_until
from (
    select occurred_at from version.activities
    where lead_number is not null
    union all
    select occurred_at from version.outcomes
    where lead_number is not null
) as observed
where occurred_at <= $imported_at
