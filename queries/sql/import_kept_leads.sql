-- The leads of the previous version; their order and numbers stay.
create table version.leads as
select * from previous.leads
order by lead_number
