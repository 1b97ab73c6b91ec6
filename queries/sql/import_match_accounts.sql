-- One row per text of the accounts' column KEY(): the account it stands for (the smallest account_id).
create or replace table match_keys as
select
    lower(trim(KEY())) as match_key,
    min(account_id) as found_id,
    count(*) as candidates
from version.accounts
where KEY() is not null
group by lower(trim(KEY()))
