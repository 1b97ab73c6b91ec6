-- One row per combination of rules that activities of known leads match: how many such activities there are.
-- Groups: rules, with TEST() on an activity; matches, with KIND(), the result.
with matched as (
    select EACH(rules, coalesce(TEST(), false))
    from activities
    where activities.lead_number is not null
)

select EACH(matches, KIND()), count(*) as activities
from matched
group by EACH(matches, KIND())
