-- One row: how many rows were accepted for the table that is built.
select count(*) as accepted
from accepted
