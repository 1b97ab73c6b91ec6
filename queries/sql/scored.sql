-- One row per row of counted: what each rule gives, in whole points, and the score.
-- Tables: counted. Groups: rules, with FREQUENCY(), POINTS() without sign, CAP() in twentieths, DIRECTION();
-- categories, with CATEGORY_POINTS(), the sum over its rules, MIN_POINTS(), MAX_POINTS() and LIMITED(), the result.
-- grid, empty or one item grid_place with PLACE(), the lead's place in the grid.
-- $base_points, $min_score, $max_score: whole numbers.
with contributions as (
    select
        *,
        EACH(
            rules,
            DIRECTION() * ((case when POINTS() * FREQUENCY() > CAP() then CAP() else POINTS() * FREQUENCY() end + 10) // 20)
        )
    from counted
),

category_sums as (
    select
        *,
        EACH(
            categories,
            case when CATEGORY_POINTS() < MIN_POINTS() then MIN_POINTS() when CATEGORY_POINTS() > MAX_POINTS() then MAX_POINTS() else CATEGORY_POINTS() end
        )
    from contributions
),

totals as (
    select
        *,
        $base_points + SUM_OF(categories, LIMITED()) as total
    from category_sums
)

select
    *,
    cast(
        case when total < $min_score then $min_score when total > $max_score then $max_score else total end as integer
    ) as score,
    EACH(grid, PLACE())
from totals
