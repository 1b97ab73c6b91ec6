-- One row per table: rows rejected because their id came again with other values.
select
    table_name,
    count(*) as rows,
    min(line) as first_line
from rejected_rows
where ends_with(reason, '(other values)')
group by table_name
order by table_name
