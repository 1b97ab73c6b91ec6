-- One row per row of counted, in its order: the score. For setting two models' scores side by side.
-- Tables: scored (from scored.sql over patterns or lead-moments, numbered by row_number). Groups: places,
-- with PLACE().
select score, EACH(places, PLACE())
from scored
order by row_number
