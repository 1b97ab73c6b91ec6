-- One row per lead-moment, in its order: for each rule on attributes of lead or account 20 where they satisfy
-- it, else 0.
-- Tables: lead_moments. Groups: rules, with TEST() on leads or accounts; columns, with RESULT().
with tested as (
    select
        leads.lead_number,
        EACH(rules, cast(case when TEST() then 20 else 0 end as smallint))
    from leads
    left join accounts on leads.account_id = accounts.account_id
)

select EACH(columns, RESULT())
from lead_moments
inner join tested on lead_moments.lead_number = tested.lead_number
order by lead_moments.row_number
