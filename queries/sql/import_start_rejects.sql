-- No rows yet: one row per rejected row of the table that is built.
create or replace table rejects (feed integer, line bigint, item integer, reason varchar)
