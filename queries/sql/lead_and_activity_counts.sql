-- One row: leads, and activities of known leads.
select
    (select count(*) from leads) as leads,
    (select count(activities.lead_number) from activities) as activities
