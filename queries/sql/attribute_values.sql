-- One row per value of an attribute, cohort and half of the leads: leads by how they ended. Values of fewer than
-- $least leads are one value together (null, not missing); leads without a value are another (null, missing).
-- Tables: lead_ends. Bindings: VALUE(), an attribute of leads or accounts. $least: whole number.
with valued as (
    select
        VALUE() as value,
        lead_ends.cohort,
        lead_ends.lead_number % 2 as fold,
        count(*) filter (where lead_ends.ending = 2) as converted,
        count(*) filter (where lead_ends.ending = 1) as lost,
        count(*) filter (where lead_ends.ending = 0) as still_open
    from lead_ends
    inner join leads on lead_ends.lead_number = leads.lead_number
    left join accounts on leads.account_id = accounts.account_id
    group by VALUE(), lead_ends.cohort, lead_ends.lead_number % 2
),

frequent as (
    select value
    from valued
    where value is not null
    group by value
    having sum(converted + lost + still_open) >= $least
)

select
    frequent.value,
    valued.value is null as missing,
    valued.cohort,
    valued.fold,
    cast(sum(valued.converted) as bigint) as converted,
    cast(sum(valued.lost) as bigint) as lost,
    cast(sum(valued.still_open) as bigint) as still_open
from valued
left join frequent on valued.value = frequent.value
group by frequent.value, valued.value is null, valued.cohort, valued.fold
order by frequent.value, missing, valued.cohort, valued.fold
