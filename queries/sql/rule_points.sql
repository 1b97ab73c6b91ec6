-- One row per period: the points that each rule gives to mature leads, before limits of categories and score.
-- Tables: scored (from scored.sql over patterns). Groups: rules, with RESULT().
select period, EACH(rules, cast(sum(RESULT() * scored.leads) as bigint))
from scored
where scored.mature
group by period
order by period
