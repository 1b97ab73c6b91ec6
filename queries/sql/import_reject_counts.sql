-- One row per feed with rejected rows: how many, and the first of them. Parameters: $examples (how many).
select
    feed,
    count(*) as rejected,
    list({'line': line, 'reason': reason} order by line, item)[:$examples] as examples
from rejects
group by feed
order by feed
