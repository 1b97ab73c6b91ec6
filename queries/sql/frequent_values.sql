-- One row per value of a column, most frequent first, at most $limit.
-- Table: subject. Bindings: VALUE(), on subject.
select VALUE() as value, count(*) as rows
from subject
where VALUE() is not null
group by VALUE()
order by rows desc, value
limit $limit
