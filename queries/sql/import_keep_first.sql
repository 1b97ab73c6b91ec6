-- Deletes every acceptable row of an id but its earliest (ties: the first line).
delete from judged
where tierline_reason is null
and (tierline_line, tierline_item) not in (
    select tierline_line, tierline_item
    from judged
    where tierline_reason is null
    qualify row_number() over (
        partition by tierline_id order by tierline_at, tierline_line, tierline_item
    ) = 1
)
