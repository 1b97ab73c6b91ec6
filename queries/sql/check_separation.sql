-- One row: how well an attribute, VALUE(), tells leads that won from the others, over the leads that have it. The
-- chance that a winner ranks above another (ties count half), by number where values are numbers, else by the rate
-- of winners of each value. Parameters: $stages (in lower case), $as_number.
with winners as (
    select distinct lead_number
    from outcomes
    where lower(stage) in (select unnest($stages))
),

attribute as (
    select
        VALUE() as value,
        count(winners.lead_number) as won,
        count(*) - count(winners.lead_number) as other
    from leads
    left join winners
        on leads.lead_number = winners.lead_number
    where VALUE() is not null
    group by VALUE()
),

ranked as (
    select
        case when $as_number then try_cast(trim(value) as double) else won / (won + other) end as rank_value,
        sum(won) as won,
        sum(other) as other
    from attribute
    group by 1
),

running as (
    select
        won,
        other,
        sum(other) over (order by rank_value rows between unbounded preceding and current row) - other as below
    from ranked
    where rank_value is not null
)

select
    sum(won)::bigint as won,
    sum(other)::bigint as other,
    sum(won * (below + other / 2)) / nullif(sum(won) * sum(other), 0) as separation
from running
