-- One row: how many rows of one feed there are, could not be taken apart, and break the contract by themselves, and
-- what is to be said about the others. The last day of a month counts times that were not read as ISO 8601. Parameters: $reads_iso (whether ISO 8601
-- is among the formats).
select
    count(*) as rows,
    (select count(*) from broken) as broken,
    count(tierline_reason) as unacceptable,
    count(*) filter (
        where tierline_reason is null and tierline_time is not null and tierline_time.offset_seconds is null
    ) as without_offset,
    count(*) filter (where tierline_reason is null and tierline_ambiguous) as ambiguous,
    count(*) filter (
        where tierline_reason is null and tierline_key is not null and tierline_found is null
    ) as unmatched,
    count(*) filter (where tierline_reason is null and tierline_candidates > 1) as matched_several,
    max(day(tierline_time.local)) filter (
        where tierline_reason is null and not ($reads_iso and iso_parts(tierline_written).day <> '')
    ) as last_day
from judged
