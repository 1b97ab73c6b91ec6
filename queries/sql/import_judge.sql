-- One row per shaped row: its moment in UTC, the id found by matching, and the reason when it breaks the contract.
-- A time that was typed was never written: its text is made only for a reason.
-- Parameters: $key, $time, $kind (names of the columns; $time and $kind NULL where the table has none),
-- $expected (how times are written), $zone (name of the time zone).
select
    shaped.*,
    match_keys.found_id as tierline_found,
    match_keys.candidates as tierline_candidates,
    zone_offsets.ambiguous_from <= shaped.tierline_time.local
    and shaped.tierline_time.offset_seconds is null as tierline_ambiguous,
    shaped.tierline_time.local
    - to_seconds(coalesce(shaped.tierline_time.offset_seconds, zone_offsets.offset_seconds)) as tierline_at,
    case
        when shaped.tierline_id is null then concat($key, ' is missing')
        when $kind is not null and shaped.tierline_kind is null then concat($kind, ' is missing')
        when $time is null then null
        when shaped.tierline_time is null and shaped.tierline_written is null then concat($time, ' is missing')
        when shaped.tierline_time is null or coalesce(year(shaped.tierline_time.local) not between 1000 and 9999, true)
            then concat(
                $time, ' must be a possible time written as ', $expected, ', got "',
                left(coalesce(shaped.tierline_written, shaped.tierline_time.local::varchar), 100), '"'
            )
        when coalesce(shaped.tierline_time.offset_seconds, zone_offsets.offset_seconds) is null
            then concat(
                $time, ' must be a time that existed, got "',
                left(coalesce(shaped.tierline_written, shaped.tierline_time.local::varchar), 100),
                '": clocks went forward in ', $zone
            )
    end as tierline_reason
from shaped
left join match_keys
    on shaped.tierline_key = match_keys.match_key
left join zone_offsets
    on shaped.tierline_time.local >= zone_offsets.local_from
    and shaped.tierline_time.local < zone_offsets.local_until
