-- One row per rejected row of a feed, with its text. Parameters: $table, $source, $feed, $raw_length (characters).
insert into version.rejected_rows
select
    $table as table_name,
    $source as source,
    rejects.line,
    rejects.reason,
    coalesce(
        broken.raw,
        left(to_json(list_value(*columns('^c[0-9]+$')))::varchar, $raw_length)
    ) as raw
from rejects
left join raw
    on rejects.line = raw.line
left join broken
    on rejects.line = broken.line
where rejects.feed = $feed
order by rejects.line, rejects.item
