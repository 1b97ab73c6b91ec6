-- One row per feed: its rows that could be taken apart.
select tierline_feed as feed, count(*) as rows
from candidates
group by tierline_feed
