-- One row: how many values of a column are present, and how many of them are numbers.
-- Table: subject. Bindings: VALUE(), on subject. $pattern: what a number looks like.
select
    count(VALUE()) as present,
    count(*) filter (where regexp_full_match(VALUE(), $pattern)) as numbers
from subject
