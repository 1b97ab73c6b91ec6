-- One row per text of the leads' column KEY(): the lead it stands for, the earliest created (ties: smallest lead_id).
create or replace table match_keys as
select
    lower(trim(KEY())) as match_key,
    first(lead_id order by created_at, lead_id) as found_id,
    count(*) as candidates
from version.leads
where KEY() is not null
group by lower(trim(KEY()))
