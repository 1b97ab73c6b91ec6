-- One row per lead, numbered densely from 0 in order of lead_id.
select
    (row_number() over (order by lead_id) - 1)::integer as lead_number,
    lead_id,
    tierline_at as created_at,
    coalesce(tierline_found, account_id) as account_id,
    * exclude (
        lead_id, created_at, account_id, tierline_feed, tierline_line, tierline_id, tierline_found, tierline_at
    )
from accepted
order by lead_id
