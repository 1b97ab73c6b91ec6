-- One row: leads that ever won, and the others. Parameters: $stages (in lower case).
with winners as (
    select distinct lead_number
    from outcomes
    where lower(stage) in (select unnest($stages))
)

select
    count(winners.lead_number) as won,
    count(*) - count(winners.lead_number) as other
from leads
left join winners
    on leads.lead_number = winners.lead_number
