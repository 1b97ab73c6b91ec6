-- The accounts of the previous version.
create table version.accounts as
select * from previous.accounts
