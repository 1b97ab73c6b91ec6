-- One row per distinct (segment, period, mature, converted, rule counts): how many leads, which amount.
-- Tables: counted_moments, the columns of all lead-moments side by side. Groups: rules, with FREQUENCY().
select
    segment,
    period,
    mature,
    converted,
    EACH(rules, FREQUENCY()),
    cast(count(*) as bigint) as leads,
    cast(sum(amount) as bigint) as amount
from counted_moments
group by segment, period, mature, converted, EACH(rules, FREQUENCY())
