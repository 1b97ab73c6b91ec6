-- One row: what is to be said about the rows of one feed.
select
    count(*) as rows,
    count(*) filter (where tierline_time is not null and tierline_time.offset_seconds is null) as without_offset,
    count(*) filter (where tierline_ambiguous) as ambiguous,
    count(*) filter (where tierline_key is not null and tierline_found is null) as unmatched,
    count(*) filter (where tierline_candidates > 1) as matched_several,
    max(day(tierline_time.local)) as last_day
from judged
where tierline_reason is null
