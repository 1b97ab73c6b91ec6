-- One row per activity of known leads before a moment, newest first: its columns, and for each rule whether it matches.
-- Groups: columns, with ATTRIBUTE() of activities; rules, with TEST() on an activity. $moment: timestamp.
select
    activities.lead_number,
    activities.occurred_at,
    EACH(columns, ATTRIBUTE()),
    EACH(rules, coalesce(TEST(), false))
from activities
where activities.lead_number is not null and activities.occurred_at < $moment
order by activities.occurred_at desc, activities.lead_number
