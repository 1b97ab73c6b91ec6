-- One row per acceptable row whose id stands in an earlier acceptable row. Parameters: $key (name of the column).
insert into rejects
with numbered as (
    select
        tierline_feed,
        tierline_line,
        tierline_item,
        tierline_id,
        tierline_hash,
        row_number() over ids as number,
        first_value(tierline_line) over ids as first_line,
        first_value(tierline_hash) over ids as first_hash
    from candidates
    where tierline_reason is null
    window ids as (partition by tierline_id order by tierline_feed, tierline_line, tierline_item)
)

select
    tierline_feed as feed,
    tierline_line as line,
    tierline_item as item,
    concat(
        $key, ' must be unique, got "', left(tierline_id, 100), '" again, first in line ', first_line,
        case when tierline_hash = first_hash then ' (same values)' else ' (other values)' end
    ) as reason
from numbered
where number > 1
