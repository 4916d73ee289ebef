-- The newest delivery is filled like those before it: codes, bands of money and blanks
-- drift, warn, of each extract
select
    f.extract,
    count(d.column_name) as drifted,
    count(distinct d.area) as areas,
    string_agg(distinct d.column_name, '、' order by d.column_name) as columns,
    strftime(min(d.since_month), '%Y-%m') as since
from contract_facts f
left join drift d on d.extract = f.extract and d.is_newest and d.is_told
group by f.extract
order by f.extract
