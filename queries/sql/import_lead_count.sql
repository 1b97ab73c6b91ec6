-- One row: how many leads the data version has.
select count(*) as leads
from version.leads
