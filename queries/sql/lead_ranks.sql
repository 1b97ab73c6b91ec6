-- One row per lead: where it stands among all leads sorted by an attribute, without regard to case; null without a value.
-- Equal values share a place. Bindings: ATTRIBUTE(), of leads or accounts.
with ordered as (
    select leads.lead_number, lower(ATTRIBUTE()) as attribute
    from leads
    left join accounts on leads.account_id = accounts.account_id
),

distinct_values as (
    select attribute, row_number() over (order by attribute) as rank
    from ordered
    where attribute is not null
    group by attribute
)

select ordered.lead_number, distinct_values.rank
from ordered
left join distinct_values on ordered.attribute = distinct_values.attribute
