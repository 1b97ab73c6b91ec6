-- Deletes every acceptable row of an id but its latest (ties: the last line).
delete from judged
where tierline_reason is null
and (tierline_line, tierline_item) not in (
    select tierline_line, tierline_item
    from judged
    where tierline_reason is null
    qualify row_number() over (
        partition by tierline_id order by tierline_at desc, tierline_line desc, tierline_item desc
    ) = 1
)
