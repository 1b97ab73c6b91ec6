-- The rejected rows of a table that is kept. Parameters: $table.
insert into version.rejected_rows
select * from previous.rejected_rows
where table_name = $table
