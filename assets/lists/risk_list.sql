-- The families to visit, one row each, with the reason in one sentence and the numbers behind it
-- Money in yuan. The head's name, number and phone join when the list is written; the last columns are for the visit.

with spoken as (
    select area6, string_agg(body || ' ' || strftime(last_month, '%Y-%m'), '；' order by body) as data_as_of
    from (select area6, body, max(last_month) as last_month from feeds where not is_absent group by all)
    group by area6
),

lacking as (
    select
        t.town,
        string_agg(distinct c.title, '、' order by c.title) filter (h.state = 'held') as held_feeds,
        string_agg(distinct c.title, '、' order by c.title) filter (h.state = 'warned') as warned_feeds
    from (select distinct left(area12, 9) as town from cases where state = 'handed_out') t
    join held h on starts_with(t.town, h.area) and h.state in ('held', 'warned')
    join contract_facts c on list_contains(string_split(h.extracts, '、'), c.extract)
    group by t.town
),

uncharted as (
    select coalesce(bool_or(not is_known), false) as is_uncharted
    from calendar
    where day > getvariable('as_of')::date and day <= getvariable('as_of')::date + 31
),

figures as (
    select
        p.*,
        p.income_year_sum::double / nullif(p.income_year_months, 0) as income_year,
        p.income_before_sum::double / nullif(p.income_before_months, 0) as income_before,
        p.income_now_sum::double / nullif(p.income_now_months, 0) as income_now,
        p.standard_sum::double / p.standard_months as standard,
        p.standard_year_sum::double / p.standard_year_months as standard_year
    from household_profile p
)

select
    row_number() over (
        order by c.area12, c.grid_code nulls last, c.level desc, c.deadline nulls last, c.household_no, c.household_id) as list_no,
    c.case_id,
    c.household_no,
    case c.change
        when 'new' then '新增' when 're-opened' then '再次预警' when 'escalated' then '加重' when 'eased' then '减轻'
        else '延续' end as change,
    c.level,
    level_name(c.level) as level_name,
    list_transform(c.dimensions, lambda d: case d
        when 'income' then '收入' when 'medical' then '医疗' when 'rigid' then '刚性支出' when 'family' then '家庭'
        when 'education' then '教育' when 'housing' then '住房' when 'event' then '突发事件' when 'gap' then '应保未保'
        when 'report' then '上报'
        else d end).array_to_string('、') as dimensions,
    c.main_reason,
    array_to_string(c.rules, '、') as rules,
    coalesce(county.name, left(c.area12, 6)) as county,
    coalesce(town.name, left(c.area12, 9)) as town,
    coalesce(village.name, c.area12) as village,
    c.area12,
    c.grid_code,
    f.members,
    concat_ws('、',
        case when f.children > 0 then '未成年人 ' || f.children end,
        case when f.elders > 0 then '60 岁以上 ' || f.elders end,
        case when f.seriously_ill > 0 then '重病 ' || f.seriously_ill end,
        case when greatest(f.severely_disabled, f.severely_disabled_members) > 0
            then '重残 ' || greatest(f.severely_disabled, f.severely_disabled_members) end,
        case when f.unattended_children > 0 then '疑似无人抚养儿童 ' || f.unattended_children end,
        case when f.tertiary_students > 0 then '大学生 ' || f.tertiary_students end,
        case when f.unable_to_work > 0 then '无劳动能力 ' || f.unable_to_work end) as special_members,
    list_transform(f.aid_types, lambda a: case a
        when '110' then '城市低保' when '120' then '农村低保' when '131' then '城市特困' when '132' then '农村特困'
        when '500' then '临时救助' when '600' then '低保边缘' when '650' then '刚性支出困难' else '其他低收入' end
    ).array_to_string('、') as aid_held,
    yuan(f.income_year) as income_year,
    f.income_class,
    yuan(f.income_now / f.members) as income_per_head,
    yuan(f.standard) as standard,
    f.standard_since,
    case when f.income_before > f.income_now and not f.members_changed then printf('%.1f%%', 100 * (1 - f.income_now / f.income_before)) end as fall,
    yuan(f.oop_year) as oop_year,
    case when f.income_year - f.members * f.standard_year > 0
        then printf('%.1f%%', 100 * f.oop_year / (f.income_year - f.members * f.standard_year))
        when f.income_year is not null and f.standard_year is not null then '无余额' end as budget_share,
    case when f.income_year > 0 then printf('%.1f%%', 100 * (
        f.oop_year + f.education_cost + f.rehabilitation_cost + f.disaster_loss) / f.income_year) end as rigid_share,
    printf('%.1f%%', 100 * c.residual_share) as residual_share,
    array_to_string(aid_that_fits(c.rules, c.dimensions), '、') as aid_may_fit,
    concat_ws('；',
        case when list_contains(c.dimensions, 'income') then '核实近三个月各成员收入及务工情况' end,
        case when list_contains(c.dimensions, 'medical') then '核实医疗票据及已获救助' end,
        case when list_contains(c.dimensions, 'rigid') then '核实教育、康复、灾害等刚性支出' end,
        case when list_contains(c.dimensions, 'family') then '核实成员残疾、死亡及儿童抚养情况' end,
        case when list_contains(c.dimensions, 'education') then '核实在学、费用及资助情况' end,
        case when list_contains(c.dimensions, 'housing') then '查看住房安全' end,
        case when list_contains(c.dimensions, 'event') then '核实损失及已获救助' end,
        case when list_contains(c.dimensions, 'gap') then '核实收入财产，说明未享受救助的原因' end,
        case when list_contains(c.dimensions, 'report') then '对照网格上报的情形逐项核实' end) as to_check,
    c.opened_on as first_flagged_on,
    c.nights_running,
    c.visited_on as last_visit,
    o.label as last_outcome,
    c.deadline,
    case when c.is_overdue then '已超期' end as overdue,
    s.data_as_of,
    concat_ws('；',
        case when f.is_provisional then '家庭组成未知' end,
        case when f.income_now_sum is null or f.income_before_sum is null then '收入部分月份未知' end,
        case when len(f.change_kinds) > 0 then '成员变动：' || list_transform(
            list_zip(f.change_months, f.change_kinds), lambda c: strftime(c[1], '%Y-%m') || ' ' || case c[2]
                when 'birth' then '出生' when 'death' then '去世' when 'marriage' then '婚嫁' when 'split' then '分户'
                when 'merge' then '合户' when 'moved in' then '迁入' when 'moved out' then '迁出'
                when 'taken away' then '羁押或失踪' when 'came back' then '归来' when 'new head' then '户主变更'
                else '家庭编号变更' end
            ).array_to_string('、')
            when f.members_changed then '近十五个月成员有变动' end,
        case when f.members_in_two > 0 then '有成员同时列入另一家庭' end,
        case when not f.is_residence_known and not f.is_provisional then '户口性质未知' end,
        case when f.standard_sum is null then '无当地标准' end,
        case when a.area12 is not null then '区划代码未登记' end,
        case when w.is_uncharted then '缺工作日历，期限按周一至周五计' end,
        '数据未到或异常，相关规则暂缓：' || g.held_feeds,
        '数据待核：' || g.warned_feeds) as data_gaps,
    c.household_id,
    f.head_key,
    c.area6
from cases c
left join figures f using (household_id)
left join spoken s on s.area6 = c.area6
left join lacking g on g.town = left(c.area12, 9)
left join unknown_areas a on a.area6 = c.area6 and a.area12 = c.area12
cross join uncharted w
left join areas county on county.code = left(c.area12, 6) || '000000'
left join areas town on town.code = left(c.area12, 9) || '000'
left join areas village on village.code = c.area12
left join outcomes o on o.outcome = c.outcome
where c.state = 'handed_out'
