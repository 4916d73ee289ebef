-- The two judgements of the core job, of sums in fen: income fell by a quarter; own cost took two fifths of income.
create macro has_fallen(now_sum, now_months, before_doubled) as
    coalesce(now_months > 0 and before_doubled > 0 and 8 * now_sum <= 3 * before_doubled * now_months, false);
create macro is_burdened(year_sum, year_months, cost) as
    year_months > 0 and cost > 0 and 5 * cost * year_months >= 24 * year_sum;
