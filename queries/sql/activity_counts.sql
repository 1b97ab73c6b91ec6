-- One row per lead-moment, in its order: for each rule on the lead's own activities how often it counts,
-- in twentieths, at most 20,000.
-- Tables: lead_moments, ages (age_days and the decay factors, in thousandths).
-- Groups: tests, with TEST() on an activity; hits, with HIT(), a test's result; matches, with HIT() and
-- WINDOW() in microseconds; each_sums and once_sums, of decayed rules only, with FACTOR() in thousandths too;
-- counted, with MATCHES(), AT_LEAST() and THOUSANDTHS(); absent, with MATCHES() and WINDOW().
with tested as (
    select
        activities.lead_number,
        activities.occurred_at,
        EACH(tests, TEST())
    from activities
    where activities.lead_number is not null
),

hits as (
    select *
    from tested
    where ANY_OF(hits, HIT())
),

seen as (
    select
        lead_moments.row_number,
        hits.*,
        epoch_us(lead_moments.moment) - epoch_us(hits.occurred_at) as age
    from lead_moments
    inner join hits
        on
            lead_moments.lead_number = hits.lead_number
            and hits.occurred_at < lead_moments.moment
            and (lead_moments.seen_after is null or lead_moments.seen_after < hits.occurred_at)
),

sums as (
    select
        seen.row_number,
        EACH(matches, count(*) filter (where HIT() and seen.age <= WINDOW())),
        EACH(
            each_sums,
            cast(sum(case when HIT() and seen.age <= WINDOW() then FACTOR() end) as bigint)
        ),
        EACH(
            once_sums,
            cast(max(case when HIT() and seen.age <= WINDOW() then FACTOR() end) as bigint)
        )
    from seen
    left join ages on seen.age // 86400000000 = ages.age_days
    group by seen.row_number
)

select
    EACH(
        counted,
        cast(
            case
                when MATCHES() is null or MATCHES() < AT_LEAST() then 0
                when THOUSANDTHS() >= 999975 then 20000
                else (THOUSANDTHS() + 25) // 50
            end as smallint
        )
    ),
    EACH(
        absent,
        cast(
            case
                when coalesce(MATCHES(), 0) = 0 and WINDOW() <= epoch_us(lead_moments.moment) - epoch_us(leads.created_at)
                    then 20
                else 0
            end as smallint
        )
    )
from lead_moments
inner join leads on lead_moments.lead_number = leads.lead_number
left join sums on lead_moments.row_number = sums.row_number
order by lead_moments.row_number
