-- The moment, in UTC, that a whole number of seconds or milliseconds since 1970 says; NULL when it is no such number.
create or replace macro unix_time(written, units_per_second) as
case
    when regexp_full_match(written, case when units_per_second = 1 then '-?\d{1,11}' else '-?\d{1,14}' end)
        then {
            'local': make_timestamp(try_cast(written as bigint) * (1000000 // units_per_second)),
            'offset_seconds': 0
        }
end
