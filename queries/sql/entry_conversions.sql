-- One row per entry, by tier, time and lead: with the lead's first conversion at or after it, null when there is none.
-- Tables: entries (lead_number, tier, entered_at), lead_conversions.
select
    entries.lead_number,
    entries.tier,
    entries.entered_at,
    min(lead_conversions.occurred_at) as converted_at
from entries
left join lead_conversions
    on
        entries.lead_number = lead_conversions.lead_number
        and entries.entered_at <= lead_conversions.occurred_at
group by entries.lead_number, entries.tier, entries.entered_at
order by entries.tier, entries.entered_at, entries.lead_number
