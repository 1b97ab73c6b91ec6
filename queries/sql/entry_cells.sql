-- One row per tier, period of entry, maturity, outcome and whole days to it: leads.
-- Tables: entries (lead_number, tier, entered_at, converted_at), periods (period, starts_at, ends_at).
-- $horizon: interval; $observed_until: timestamp. days is null when the lead did not convert within the horizon.
with dated as (
    select
        entries.tier,
        periods.period,
        entries.entered_at + $horizon <= $observed_until as mature,
        case
            when entries.converted_at < entries.entered_at + $horizon
                then (epoch_us(entries.converted_at) - epoch_us(entries.entered_at)) // 86400000000
        end as days
    from entries
    inner join periods on periods.starts_at <= entries.entered_at and entries.entered_at < periods.ends_at
)

select tier, period, mature, days, count(*) as leads
from dated
group by tier, period, mature, days
order by tier, period, mature, days
