-- One row: outcomes of unknown leads, after the import, before their lead was created, and with amounts that are no
-- numbers. Parameters: $imported_at.
select
    count(*) as outcomes,
    count(*) filter (where outcomes.lead_number is null) as orphans,
    count(*) filter (where outcomes.occurred_at > $imported_at) as in_future,
    count(*) filter (where outcomes.occurred_at < leads.created_at) as before_creation,
    count(*) filter (
        where outcomes.amount is not null and outcomes.amount_ten_thousandths is null
    ) as unreadable_amounts,
    min(outcomes.amount) filter (
        where outcomes.amount is not null and outcomes.amount_ten_thousandths is null
    ) as unreadable_amount
from outcomes
left join leads
    on outcomes.lead_number = leads.lead_number
