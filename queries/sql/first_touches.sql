-- One row per lead with an activity that has a value in one property: the earliest of these activities, by
-- lead_number. Of several at that instant the smallest value counts.
-- Bindings: PROPERTY(), a column of activities.
with named as (
    select activities.lead_number, activities.occurred_at, PROPERTY() as value
    from activities
    where activities.lead_number is not null and PROPERTY() is not null
),

firsts as (
    select lead_number, min(occurred_at) as touched_at
    from named
    group by lead_number
)

select firsts.lead_number, firsts.touched_at, min(named.value) as value
from firsts
inner join named on firsts.lead_number = named.lead_number and firsts.touched_at = named.occurred_at
group by firsts.lead_number, firsts.touched_at
order by firsts.lead_number
