-- One row per activity of some people, before the last moment that could see it: for each rule whether it matches.
-- Tables: people (person, lead_number, last_moment), one row per lead whose activities are asked for.
-- Groups: rules, with TEST() on an activity. Bindings: WANTED(), true for an activity that is worth handing over.
select
    people.person,
    epoch_us(activities.occurred_at) as occurred_at,
    EACH(rules, coalesce(TEST(), false))
from activities
inner join people
    on activities.lead_number = people.lead_number and activities.occurred_at < people.last_moment
where WANTED()
