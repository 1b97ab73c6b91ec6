-- One row per period, outcome and how often each rule counts (0 not at all, 1 up to once, 2 up to twice, 3 up to
-- four times, 4 more): mature leads. A rule fires when its level is above 0.
-- Tables: patterns. Groups: rules, with FREQUENCY() in twentieths.
select
    period,
    converted,
    EACH(
        rules,
        case
            when FREQUENCY() = 0 then 0
            when FREQUENCY() <= 20 then 1
            when FREQUENCY() <= 40 then 2
            when FREQUENCY() <= 80 then 3
            else 4
        end
    ),
    cast(sum(leads) as bigint) as leads
from patterns
where mature
group by
    period,
    converted,
    EACH(
        rules,
        case
            when FREQUENCY() = 0 then 0
            when FREQUENCY() <= 20 then 1
            when FREQUENCY() <= 40 then 2
            when FREQUENCY() <= 80 then 3
            else 4
        end
    )
