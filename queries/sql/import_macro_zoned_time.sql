-- The moment, in UTC, that a text says in a format with an offset (%z); NULL when it does not follow the format.
create or replace macro zoned_time(written, time_format) as
case
    when try_strptime(written, time_format) is not null
        then { 'local': try_strptime(written, time_format) at time zone 'UTC', 'offset_seconds': 0 }
end
