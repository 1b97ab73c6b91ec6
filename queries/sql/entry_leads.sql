-- One row per lead that entered a tier within a time, by entry: when it entered, when it converted within the horizon
-- (null: it did not), whether the horizon has passed.
-- Tables: entries (lead_number, tier, entered_at, converted_at). $tier: whole number; $horizon: interval;
-- $starts_at, $ends_at, $observed_until: timestamps.
select
    leads.lead_id,
    entries.entered_at,
    case when entries.converted_at < entries.entered_at + $horizon then entries.converted_at end as converted_at,
    entries.entered_at + $horizon <= $observed_until as mature
from entries
inner join leads on entries.lead_number = leads.lead_number
where entries.tier = $tier and $starts_at <= entries.entered_at and entries.entered_at < $ends_at
order by entries.entered_at, entries.lead_number
