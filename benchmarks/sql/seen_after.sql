-- One row per lead-moment, in its order: its row_number, lead_number and moment, and the end of the last silence before it,
-- up to which activities do not count.
-- Tables: lead_moments, streak_ends.
select
    lead_moments.row_number,
    lead_moments.lead_number,
    lead_moments.moment,
    max(streak_ends.last_at) as seen_after
from lead_moments
left join streak_ends
    on
        lead_moments.lead_number = streak_ends.lead_number
        and streak_ends.last_at + interval 365 day <= lead_moments.moment
group by lead_moments.row_number, lead_moments.lead_number, lead_moments.moment
order by lead_moments.row_number
