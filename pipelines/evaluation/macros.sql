-- Wilson's interval of a share (E. B. Wilson, 1927, Journal of the American Statistical Association 22, 209-212); null of none.
create macro wilson_low(found, n) as
    case when n > 0 then (found + 1.9208 - 1.96 * sqrt(found * (n - found)::double / n + 0.9604)) / (n + 3.8416) end;
create macro wilson_high(found, n) as
    case when n > 0 then (found + 1.9208 + 1.96 * sqrt(found * (n - found)::double / n + 0.9604)) / (n + 3.8416) end;

-- The order of visits in one number: red cases first, then how little own cost leaves of the income, from -3 to 5 standards
-- (unknown: nothing is left), as assets/cases/cases.sql gives them to grids.
create macro visit_score(level, residual_share) as
    case when level = 3 then 2 else 1 end + 0.99 - 0.12 * (3 + least(greatest(coalesce(residual_share, 0), -3), 5));
