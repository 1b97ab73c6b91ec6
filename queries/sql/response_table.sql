-- One row per (segment, period, mature, converted, what the other rules give, count of one rule): leads and amount.
-- The exact cells for any points and cap of that rule follow from it, however many leads there are.
-- Tables: scored (from scored.sql over patterns, for the model without the rule and without the limits of the
-- rule's category). Bindings: REST_OF_CATEGORY(), what the rule's own category gives without it.
select
    segment,
    period,
    mature,
    converted,
    cast(REST_OF_CATEGORY() as bigint) as rest_of_category,
    cast(total - REST_OF_CATEGORY() as bigint) as rest,
    count_own as count,
    cast(sum(leads) as bigint) as leads,
    cast(sum(amount) as bigint) as amount
from scored
group by segment, period, mature, converted, rest_of_category, rest, count
