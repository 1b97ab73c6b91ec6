-- No keys: the feed names its ids itself.
create or replace table match_keys (match_key varchar, found_id varchar, candidates bigint)
