-- One row per lead-moment that sales worked: it did something about the lead within the days from the moment on.
-- Tables: lead_moments (row_number, lead_number, moment), roles (stage). $horizon: interval;
-- $observed_until: timestamp.
select distinct lead_moments.row_number
from lead_moments
inner join outcomes
    on
        lead_moments.lead_number = outcomes.lead_number
        and lead_moments.moment <= outcomes.occurred_at
        and outcomes.occurred_at < lead_moments.moment + $horizon
inner join roles on lower(outcomes.stage) = roles.stage
where outcomes.occurred_at <= $observed_until
order by lead_moments.row_number
