-- One row per lead and instant at which it may enter a tier: its creation, and each of its own activities from then on
-- (one row for activities at one time), while the lead is open, not excluded and not too old. It is scored $tick later,
-- so that what happened at the instant counts. row_number is dense from 0 in the order of lead and instant.
-- Tables: closures. Bindings: EXCLUDED(), true for a lead that is left out.
-- $first_lead, $last_lead: lead numbers, both included; $tick, $max_age: intervals;
-- $observed_until: timestamp, the last instant.
with candidates as (
    select leads.lead_number, leads.created_at, leads.created_at as instant
    from leads
    where
        leads.lead_number >= $first_lead
        and leads.lead_number <= $last_lead
        and leads.created_at <= $observed_until
        and not coalesce(EXCLUDED(), false)
    union
    select leads.lead_number, leads.created_at, activities.occurred_at as instant
    from leads
    inner join activities
        on leads.lead_number = activities.lead_number and leads.created_at < activities.occurred_at
    where
        activities.lead_number >= $first_lead
        and activities.lead_number <= $last_lead
        and activities.occurred_at <= $observed_until
        and activities.occurred_at - $max_age <= leads.created_at
        and not coalesce(EXCLUDED(), false)
),

open_instants as (
    select candidates.lead_number, candidates.instant, candidates.instant + $tick as moment
    from candidates
    where
        not exists (
            select 1
            from closures
            where
                closures.lead_number = candidates.lead_number
                and closures.closed_at < candidates.instant
                and (closures.reopened_at is null or candidates.instant <= closures.reopened_at)
        )
)

select
    cast(row_number() over (order by lead_number, instant) - 1 as integer) as row_number,
    lead_number,
    instant,
    moment
from open_instants
order by row_number
