-- Wilson's interval of a share (E. B. Wilson, 1927, Journal of the American Statistical Association 22, 209-212); null of none.
create macro wilson_low(found, n) as
    case when n > 0 then (found + 1.9208 - 1.96 * sqrt(found * (n - found)::double / n + 0.9604)) / (n + 3.8416) end;
create macro wilson_high(found, n) as
    case when n > 0 then (found + 1.9208 + 1.96 * sqrt(found * (n - found)::double / n + 0.9604)) / (n + 3.8416) end;
