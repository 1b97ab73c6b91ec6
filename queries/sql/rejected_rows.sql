-- One row per rejected row that is kept, in the order of table, file and line, at most $limit. Parameters: $limit.
select
    rejected.table_name,
    rejected.source,
    rejected.line,
    rejected.reason,
    rejected.raw
from rejected_rows as rejected
order by rejected.table_name, rejected.source, rejected.line, rejected.reason
limit $limit
