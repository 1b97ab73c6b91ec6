-- One row per accepted row of the table that is built.
select * exclude (
    tierline_item, tierline_written, tierline_time, tierline_kind, tierline_key, tierline_hash,
    tierline_candidates, tierline_ambiguous, tierline_reason
)
from candidates
anti join rejects
    on candidates.tierline_feed = rejects.feed
    and candidates.tierline_line = rejects.line
    and candidates.tierline_item = rejects.item
