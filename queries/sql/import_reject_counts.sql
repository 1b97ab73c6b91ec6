-- One row per feed with rejected rows: how many, how many of them could not be taken apart, and the first of them.
-- Parameters: $examples (how many).
select
    rejects.feed,
    count(*) as rejected,
    count(*) filter (where judged.tierline_line is null) as broken,
    list({'line': rejects.line, 'reason': rejects.reason} order by rejects.line, rejects.item)[:$examples] as examples
from rejects
left join candidates as judged
    on rejects.feed = judged.tierline_feed
    and rejects.line = judged.tierline_line
    and rejects.item = judged.tierline_item
group by rejects.feed
order by rejects.feed
