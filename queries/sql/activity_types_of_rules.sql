-- One row per named type of activity, in lower case: of each rule on activities how many activities of it the rule's
-- conditions match.
-- Tables: named_types (activity_type). Groups: rules, with TEST() on an activity.
select lower(activities.activity_type) as activity_type, EACH(rules, count(*) filter (where TEST()))
from activities
where
    activities.lead_number is not null
    and lower(activities.activity_type) in (select named_types.activity_type from named_types)
group by lower(activities.activity_type)
