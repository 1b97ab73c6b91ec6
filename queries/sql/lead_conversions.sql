-- One row per lead and instant at which it converted, of leads that are not left out: the lead's own amount in
-- ten-thousandths, 0 for a deal that another lead owns.
-- Tables: stages (stage, is_conversion, is_closing, is_reopening). Bindings: EXCLUDED(), true for a lead that is
-- left out. $observed_until: timestamp, the last outcome that counts.
with conversions as (
    select outcomes.lead_number, outcomes.occurred_at, outcomes.deal_id, outcomes.amount_ten_thousandths
    from outcomes
    inner join stages on lower(outcomes.stage) = stages.stage
    inner join leads on outcomes.lead_number = leads.lead_number
    where stages.is_conversion and outcomes.occurred_at <= $observed_until and not coalesce(EXCLUDED(), false)
),

-- A deal that several leads share counts once, for the lead that converted first.
deal_owners as (
    select deal_id, lead_number
    from conversions
    where deal_id is not null
    qualify row_number() over (partition by deal_id order by occurred_at, lead_number) = 1
)

select
    conversions.lead_number,
    conversions.occurred_at,
    max(
        case
            when conversions.deal_id is null or deal_owners.deal_id is not null
                then coalesce(conversions.amount_ten_thousandths, 0)
            else 0
        end
    ) as amount
from conversions
left join deal_owners
    on conversions.deal_id = deal_owners.deal_id and conversions.lead_number = deal_owners.lead_number
group by conversions.lead_number, conversions.occurred_at
order by conversions.lead_number, conversions.occurred_at
