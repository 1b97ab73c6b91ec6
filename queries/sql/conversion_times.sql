-- One row per lead-moment that was followed by a conversion within the horizon, in its order: when the first one
-- was. Together with labels.sql: these are the rows that are converted there.
-- Tables: lead_moments, lead_conversions. $horizon: interval.
select lead_moments.row_number, min(lead_conversions.occurred_at) as converted_at
from lead_moments
inner join lead_conversions
    on
        lead_moments.lead_number = lead_conversions.lead_number
        and lead_moments.moment <= lead_conversions.occurred_at
        and lead_conversions.occurred_at < lead_moments.moment + $horizon
group by lead_moments.row_number
order by lead_moments.row_number
