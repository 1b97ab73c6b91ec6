-- One row per segment and period: conversions of leads that had never been scored when they converted.
-- Tables: never_scored (from conversions_never_scored.sql), first_touches (known before the conversion).
-- Bindings: SEGMENT().
select coalesce(SEGMENT(), '(missing)') as segment, never_scored.period, count(*) as leads
from never_scored
inner join leads on never_scored.lead_number = leads.lead_number
left join accounts on leads.account_id = accounts.account_id
left join first_touches
    on
        never_scored.lead_number = first_touches.lead_number
        and first_touches.touched_at < never_scored.converted_at
group by coalesce(SEGMENT(), '(missing)'), never_scored.period
