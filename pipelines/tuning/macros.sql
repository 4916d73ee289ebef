-- By chance alone: how likely n visits, drawn blindly from all of which some found need, hold no more finds than so many
-- (the lower tail of the hypergeometric distribution, as in Fisher's exact test; R. A. Fisher, 1935, J. Royal Stat. Soc. 98).
create macro log_choose(n, k) as lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
create macro by_chance(finds, n, all_finds, visits) as
    list_sum(list_transform(
        range(greatest(0, n - (visits - all_finds)), finds + 1),
        lambda k: exp(log_choose(all_finds, k) + log_choose(visits - all_finds, n - k) - log_choose(visits, n))
    ));
