-- One row per row of a file that could not be taken apart. Parameters: $feed.
insert into rejects
select $feed as feed, line, 0 as item, reason
from broken
