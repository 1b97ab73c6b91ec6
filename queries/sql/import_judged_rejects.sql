-- One row per row that breaks the contract by itself.
insert into rejects
select
    tierline_feed as feed,
    tierline_line as line,
    tierline_item as item,
    tierline_reason as reason
from candidates
where tierline_reason is not null
