-- One row per cell: segment, period, score, whether mature, whether converted; leads and amount.
-- Tables: scored (from scored.sql over patterns).
select
    segment,
    period,
    score,
    mature,
    converted,
    cast(sum(leads) as bigint) as leads,
    cast(sum(amount) as bigint) as amount
from scored
group by segment, period, score, mature, converted
