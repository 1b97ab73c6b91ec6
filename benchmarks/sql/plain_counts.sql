-- One row per lead-moment, in its order: what each rule of the B2B guideline on the lead's own activities counts, in
-- twentieths, as one would write it by hand: every activity joined to every moment, every condition on every pair.
-- Tables: lead_moments, activities.
with pairs as (
    select
        lead_moments.row_number,
        lower(activities.activity_type) as kind,
        lower(activities.page) as page,
        lower(activities.channel) as channel,
        (epoch_us(lead_moments.moment) - epoch_us(activities.occurred_at)) / 86400000000.0 as age
    from lead_moments
    left join activities
        on
            lead_moments.lead_number = activities.lead_number
            and activities.occurred_at < lead_moments.moment
            and (lead_moments.seen_after is null or lead_moments.seen_after < activities.occurred_at)
),

thousandths as (
    select
        row_number,
        1000 * count(*) filter (where kind = 'email_open' and age <= 365) as email_open,
        sum(cast(floor(1000 * pow(0.5, floor(age) / 90.0) + 0.5) as bigint))
            filter (where kind = 'email_click' and age <= 365) as email_click,
        1000 * count(*) filter (where kind = 'page_view' and age <= 180) as page_view,
        1000 * count(*) filter (where kind = 'page_view' and starts_with(page, '/pricing') and age <= 180)
            as pricing_page,
        1000 * count(*) filter (where kind = 'page_view' and starts_with(page, '/careers') and age <= 180)
            as careers_page,
        1000 * count(*) filter (where kind = 'white_paper_download' and age <= 365) as white_paper,
        1000 * count(*) filter (where kind in ('webinar_attendance', 'event_attendance') and age <= 365) as event,
        1000 * count(*) filter (where kind = 'trial_start' and age <= 365) as trial,
        sum((2000 * (180 - cast(floor(age) as bigint)) + 180) // 360)
            filter (where kind = 'social_interaction' and age <= 180) as social,
        1000 * max(case when kind = 'contact_form' then 1 else 0 end) as contact_form,
        1000 * max(
            case
                when
                    channel in ('web', 'webinar', 'event', 'form', 'product')
                    and kind not in ('onboarding_call', 'support_ticket')
                    and age <= 30
                    then 1
                else 0
            end
        ) as recent
    from pairs
    group by row_number
)

select
    cast(
        case
            when columns(* exclude row_number) >= 999975 then 20000
            else (coalesce(columns(* exclude row_number), 0) + 25) // 50
        end as smallint
    )
from thousandths
order by row_number
