-- One row per activity, a lead's together and in order of time; orphans come last, without a lead number.
-- Parameters: $known, $orphans (whether those of known leads, and those without a lead, are wanted).
select
    leads.lead_number,
    coalesce(accepted.tierline_found, accepted.lead_id) as lead_id,
    accepted.tierline_at as occurred_at,
    accepted.* exclude (
        lead_id, occurred_at, tierline_feed, tierline_line, tierline_id, tierline_found, tierline_at
    )
from accepted
left join known_leads as leads
    on coalesce(accepted.tierline_found, accepted.lead_id) = leads.lead_id
where case when leads.lead_number is null then $orphans else $known end
order by leads.lead_number nulls last, accepted.tierline_at, accepted.tierline_feed, accepted.tierline_line
