-- The local time that a text says in a format without an offset; NULL when it does not follow the format.
create or replace macro formatted_time(written, time_format) as
case
    when try_strptime(written, time_format) is not null
        then { 'local': try_strptime(written, time_format), 'offset_seconds': null::integer }
end
