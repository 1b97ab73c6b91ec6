-- One row per account, in order of account_id.
select account_id, * exclude (account_id, tierline_feed, tierline_line, tierline_id, tierline_found, tierline_at)
from accepted
order by account_id
