-- The moment that an ISO 8601 text says: its local time and, when it has one, its offset; NULL when it says none.
create or replace macro iso_time(parts) as
case
    when parts.day <> '' and try_cast(concat_ws(' ', parts.day, nullif(replace(parts.clock, ',', '.'), '')) as timestamp) is not null
        then {
            'local': try_cast(concat_ws(' ', parts.day, nullif(replace(parts.clock, ',', '.'), '')) as timestamp),
            'offset_seconds': case
                when parts.zone = '' then null
                when lower(parts.zone) = 'z' then 0
                else
                    case when starts_with(parts.zone, '-') then -1 else 1 end
                    * (
                        3600 * substring(parts.zone, 2, 2)::integer
                        + 60 * coalesce(nullif(replace(substring(parts.zone, 4), ':', ''), '')::integer, 0)
                    )
            end
        }
end
