-- One row per rejected row of the table that is built, the first of them. Parameters: $examples (how many).
select line, reason
from rejects
order by feed, line, item
limit $examples
