-- One row per lead-moment, in its order: how often one rule on the activities of all other leads of the account
-- counts, in twentieths. Sums over the account less the lead's own, so that a large account costs no more
-- than its leads.
-- Tables: lead_moments, streak_ends, ages.
-- Bindings: TEST() on an activity, WINDOW() in microseconds, FACTOR() in thousandths, AT_LEAST().
-- $count: each, once or people; $reset: interval.
with hits as (
    select activities.lead_number, activities.occurred_at
    from activities
    where activities.lead_number is not null and TEST()
),

account_moments as (
    select distinct leads.account_id, lead_moments.moment
    from lead_moments
    inner join leads on lead_moments.lead_number = leads.lead_number
    where leads.account_id is not null
),

people as (
    select account_moments.account_id, account_moments.moment, leads.lead_number, max(streak_ends.last_at) as seen_after
    from account_moments
    inner join leads on account_moments.account_id = leads.account_id
    left join streak_ends
        on
            leads.lead_number = streak_ends.lead_number
            and streak_ends.last_at + $reset <= account_moments.moment
    group by account_moments.account_id, account_moments.moment, leads.lead_number
),

seen as (
    select
        people.account_id,
        people.moment,
        people.lead_number,
        (epoch_us(people.moment) - epoch_us(hits.occurred_at)) // 86400000000 as age_days
    from people
    inner join hits
        on
            people.lead_number = hits.lead_number
            and hits.occurred_at < people.moment
            and (people.seen_after is null or people.seen_after < hits.occurred_at)
            and epoch_us(people.moment) - epoch_us(hits.occurred_at) <= WINDOW()
),

by_person as (
    select
        seen.account_id,
        seen.moment,
        seen.lead_number,
        count(*) as matches,
        cast(sum(FACTOR()) as bigint) as thousandths,
        max(FACTOR()) as largest
    from seen
    left join ages on seen.age_days = ages.age_days
    group by seen.account_id, seen.moment, seen.lead_number
),

ranked as (
    select
        *,
        row_number() over (partition by account_id, moment order by largest desc, lead_number) as place
    from by_person
),

by_account as (
    select
        account_id,
        moment,
        count(*) as people,
        cast(sum(matches) as bigint) as matches,
        cast(sum(thousandths) as bigint) as thousandths,
        max(case when place = 1 then lead_number end) as first_person,
        max(case when place = 1 then largest end) as largest,
        max(case when place = 2 then largest end) as second_largest
    from ranked
    group by account_id, moment
),

others as (
    select
        lead_moments.row_number,
        by_account.people - case when by_person.lead_number is null then 0 else 1 end as people,
        by_account.matches - coalesce(by_person.matches, 0) as matches,
        by_account.thousandths - coalesce(by_person.thousandths, 0) as thousandths,
        case
            when by_account.first_person = lead_moments.lead_number then by_account.second_largest
            else by_account.largest
        end as largest
    from lead_moments
    inner join leads on lead_moments.lead_number = leads.lead_number
    left join by_account
        on leads.account_id = by_account.account_id and lead_moments.moment = by_account.moment
    left join by_person
        on
            leads.account_id = by_person.account_id
            and lead_moments.moment = by_person.moment
            and lead_moments.lead_number = by_person.lead_number
)

select
    cast(
        case
            when people is null or people = 0 then 0
            when $count = 'people' and people < AT_LEAST() then 0
            when $count = 'people' then 20 * people
            when matches < AT_LEAST() then 0
            when $count = 'once' then (largest + 25) // 50
            when thousandths >= 999975 then 20000
            else (thousandths + 25) // 50
        end as integer
    ) as count
from others
order by row_number
