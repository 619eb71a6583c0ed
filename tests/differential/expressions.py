"""What the suite asks: every function of the language and every trap where engines part."""

from __future__ import annotations

NUMBERS = [
    # exact fractions, zero and negative bases
    "税收 / 面积", "税收 / 面积 * 3", "1 / 3 * 3", "税收 / 面积 + 研发费用 / 面积", "税收 / 面积 - 营业收入 / 可比收入 * 1元/平方米",
    "税收 / 0", "0 / 税收", "(税收 + 营业收入) / (面积 - 面积)", "税收 / (0 - 面积)", "税收 / 面积 / 3", "营业收入 / (税收 / 营业收入)",
    "亩均税收", "亩均税收不论正负", "研发占比", "综合值", "亩均税收 * 2 + 1万元/亩", "prior(亩均税收)", "亩均税收 / prior(亩均税收)",
    "占比", "占比 * 营业收入", "人数 / 3", "税收 - 营业收入 / 3 - 0.01元", "研发费用 + 税收", "巨额", "巨额 / 3", "巨额 - 税收",
    # rounding
    "round(税收 / 3, 2)", "round(0 - 税收 / 3, 2)", "round(税收 / 1000, 0)", "round(税收 / 面积, 3)", "round(研发费用 / 2, 1)",
    "round(天数 / 2, 0)", "round(2.5, 0)", "round(0 - 2.5, 0)", "round(1.005, 2)", "round(税收 / 100000000, 0)",
    "floor(税收 / 7)", "ceil(税收 / 7)", "floor(0 - 税收 / 7)", "ceil(0 - 税收 / 7)", "floor(天数)", "ceil(天数)", "floor(研发费用)", "ceil(研发费用 / 3)",
    "floor(税收 / 面积)", "ceil(税收 / 面积)", "abs(税收)", "abs(天数)", "abs(税收 / 面积)", "abs(0 - 税收 / 面积)",
    # extremes skip no unknown
    "least(税收, 营业收入)", "greatest(税收, 营业收入)", "least(税收, 营业收入, 研发费用, 可比收入, 巨额)", "greatest(税收 / 面积, 营业收入 / 面积, 可比收入 / 面积)",
    "least(税收 / 面积, 10万元/亩)", "clamp(税收, 0元, 150元)", "clamp(税收 / 面积, 0元/平方米, 10万元/亩)", "clamp(天数, -1天, 3天)",
    "portion(税收, 100元, 500元)", "portion(税收, 100元, null)", "portion(税收, 1元, 100元) * 10% + portion(税收, 100元, null) * 15%",
    "coalesce(税收, 营业收入)", "coalesce(税收 / 面积, 0元/平方米)", "coalesce(prior(税收), 税收, 0元)",
    # choices
    "case when 规上 then 30000元 else 50000元 end * 100000", "case when 规上 then 税收 / 面积 when 达标 then 10万元/亩 end",
    "case when 税收 > 100元 then 税收 when 税收 < 0元 then 0元 else 营业收入 end", "case when 税收 / 面积 >= 10万元/亩 then 1 else 0 end",
    "case when 税收 > 1元 then case when 规上 then 1 else 2 end else 3 end",
    # text
    "length(名称)", "length(备注)", "length(coalesce(名称, ''))",
    # days
    "year_of(成立日期)", "month_of(成立日期)", "days_between(成立日期, as_of)", "days_between(as_of, 成立日期)", "days_between(注销日期, 成立日期)",
    "months_between(成立日期, as_of)", "months_between(as_of, 成立日期)", "years_between(成立日期, as_of)", "years_between(as_of, 成立日期)",
    "years_between(注销日期, as_of)", "months_between(注销日期, 成立日期)", "working_days_between(成立日期, as_of)", "working_days_between(as_of, 成立日期)",
    "working_days_between(成立日期, period_end)", "days_between(period_start, period_end)",
    # periods
    "prior(税收)", "prior(税收, 2)", "prior(税收, 0)", "year_ago(税收)", "year_ago(税收, 2)", "at(税收, '2021')", "prior(at(税收, '2021'))",
    "prior(税收 / 面积)", "at(亩均税收, '2020')", "税收 - prior(税收)",
    "sum_over(税收, 2)", "sum_over(税收, 3)", "sum_over(亩均税收, 2)", "mean_over(税收, 3)", "mean_over(税收 / 面积, 2)", "mean_over(亩均税收, 2)", "mean_over(研发占比, 2)",
    "min_over(税收, 2)", "max_over(税收, 4)", "max_over(税收 / 面积, 2)", "count_periods(规上, 3)", "count_periods(税收 > 0元, 4)",
    "streak(规上)", "streak(税收 > 0元)", "streak(年度等级 >= '较大')", "streak(not 规上)", "streak(亩均税收 >= 1万元/亩)", "streak(known(税收))",
    "growth(税收)", "growth(营业收入)", "growth(亩均税收)", "mean_growth(税收, 2)", "growth(税收) * 100",
    # finer facts in a coarser document
    "月产值", "月末人数", "prior(月产值)", "月产值 / 月末人数", "月指数", "月订单", "月产值折税", "人均月产值", "月产值 + 月订单",
    # records
    "count_of(事故)", "count_of(事故, 责任)", "count_of(事故, 损失 > 0元)", "count_of(事故, 等级 >= '较大' and 责任)", "count_of(事故, 发生日期 > years_ago(3))",
    "count_of(事故, 属地 = subject(备注))", "count_of(事故, 损失 > subject(税收))", "count_of(事故, 损失 > subject(税收 / 面积) * 1平方米)",
    "count_of(事故, 损失 > subject(亩均税收) * 1平方米)", "count_of(事故, via(发生园区, 级别) = '省级')", "count_of(事故, 发生日期 between period_start and period_end)",
    "count_of(事故, 发生园区 = subject(所在园区))", "count_of(事故, 损失 > via(发生园区, 园区税收))",
    "sum_of(事故, 损失)", "sum_of(事故, 损失, 责任)", "sum_of(事故, 损失 * 20%)", "sum_of(事故, 损失 / 3)", "sum_of(事故, 损失 * subject(占比), 责任)", "sum_of(事故, 1)", "sum_of(事故, 损失) / 税收",
    "sum_of(事故, case when 责任 then 损失 else 0元 end)", "sum_of(事故, via(发生园区, 园区税收))", "sum_of(事故, greatest(损失, 0元))",
    "max_of(事故, 损失)", "min_of(事故, 损失)", "max_of(事故, 损失, 责任)", "min_of(事故, 损失 * 2, 责任)", "max_of(事故, 损失 - 1元, 等级 = '一般')",
    "distinct_of(事故, 属地)", "distinct_of(事故, 属地, 责任)", "distinct_of(事故, 损失, 责任)", "distinct_of(事故, 等级)", "distinct_of(事故, 责任)",
    "latest_of(事故, 损失)", "latest_of(事故, 损失, 责任)", "latest_of(事故, 损失 * 3, known(等级))",
    # links
    "via(所在园区, 园区税收)", "prior(via(所在园区, 园区税收))", "via(所在园区, prior(园区税收))", "税收 / via(所在园区, 园区税收)", "via(所在园区, growth(园区税收))",
    "via(所在园区, sum_over(园区税收, 2))",
]  # fmt: skip

CONDITIONS = [
    # thresholds, cross-multiplied
    "税收 / 面积 >= 10万元/亩", "税收 / 面积 > 10万元/亩", "税收 / 面积 = 10万元/亩", "税收 / 面积 < 10万元/亩", "亩均税收 >= 10万元/亩", "亩均税收 = 0.0001万元/亩",
    "研发费用 / 营业收入 >= 3%", "研发费用 / 营业收入 <> 3%", "研发占比 >= 3.02%", "占比 = 3.02%", "研发费用 / 营业收入 >= 占比",
    "税收 / 面积 >= 营业收入 / 面积", "税收 / 营业收入 > 研发费用 / 可比收入", "税收 / 面积 between 5万元/亩 and 10万元/亩", "税收 / 营业收入 = 税收 / 营业收入", "1 / 3 * 3 = 1", "0.1 + 0.2 = 0.3",
    "税收 = 0", "税收 <> 0", "税收 >= prior(税收)", "巨额 >= 1000000000亿元", "巨额 / 3 > 1亿元", "巨额 > 税收",
    # three values
    "规上", "not 规上", "规上 and 达标", "规上 or 达标", "not (规上 and 达标)", "规上 and 税收 > 0元", "规上 or 税收 / 面积 > 0元/平方米", "规上 <> 达标", "税收 is null", "税收 is not null",
    "known(税收)", "known(税收 / 面积)", "known(亩均税收)", "known(prior(规上))", "known(税收 / 面积 + 研发费用 / 面积)", "规上 is null or 规上",
    "coalesce(规上, 达标, false)", "case when 规上 then true when 达标 then false end",
    # texts and codes
    "名称 = ''", "名称 = 备注", "名称 in ('a', 'Z', '')", "名称 not in ('a', '温州')", "名称 is null",
    "starts_with(名称, '温州')", "starts_with(名称, '')", "starts_with(名称, 备注)", "contains(名称, 'a')", "contains(名称, '')", "contains(名称, '%')", "contains(备注, '_')", "contains(名称, 备注)", "contains(备注, '\\')", "备注 = 'O''Neill\\'",
    "年度等级 = '较大'", "年度等级 >= '较大'", "年度等级 < '特别重大'", "年度等级 in ('一般', '重大')", "年度等级 <> '一般'", "under(行业代码, 'C35')", "under(行业代码, 'D44')", "行业代码 in ('C35', 'C3511')", "行业代码 = 'C35'",
    "status(税收) = ''", "status(税收) = 'confidential'", "status(prior(税收)) = 'not_reported'", "status(税收) in ('waived', 'not_applicable')", "status(税收 / 面积) = 'zero_denominator'", "status(亩均税收) = 'negative_base'", "status(研发费用 / 面积) = 'confidential'",
    # days
    "成立日期 > years_ago(3)", "成立日期 >= months_ago(36)", "成立日期 = days_ago(0)", "成立日期 between period_start and period_end", "成立日期 <= as_of", "注销日期 > 成立日期", "成立日期 = 2020-02-29",
    "years_between(成立日期, as_of) >= 3年", "months_between(成立日期, as_of) < 36", "add_years(成立日期, 1) <= as_of", "add_years(注销日期, 1) > 成立日期", "add_months(注销日期, -1) < 成立日期", "add_days(注销日期, 1) > as_of", "add_working_days(成立日期, 3) > as_of",
    # periods
    "every_period(规上, 2)", "any_period(规上, 3)", "every_period(研发费用 >= 100万元 and 研发费用 / 营业收入 >= 3%, 2)", "first_time(规上)", "first_time(税收 > 0元)", "first_time(not 规上)", "first_time(known(税收))", "streak(规上) >= 2",
    "compound_growth(税收, 2) >= 5%", "compound_growth(营业收入, 1) < 5%", "compound_growth(税收, 3) > 0%", "规上 and not prior(规上)", "count_periods(规上, 2) = 2",
    # records
    "any_of(事故, 责任)", "any_of(事故, 损失 > 100元)", "any_of(事故, 等级 >= '重大' and 发生日期 > years_ago(3))", "count_of(事故, 责任) = 0", "count_of(事故, 等级 >= '较大') >= 1", "not any_of(事故)", "any_of(事故, 属地 = subject(名称))", "any_of(事故, subject(规上))",
    "any_of(事故, subject(规上) and 责任)", "sum_of(事故, 损失, 责任) >= 100元", "max_of(事故, 等级) = '重大'", "min_of(事故, 等级) = '一般'", "max_of(事故, 发生日期) > years_ago(3)", "min_of(事故, 发生日期, 责任) is null", "max_of(事故, 责任)", "min_of(事故, 责任)", "latest_of(事故, 责任)", "latest_of(事故, 等级) >= '较大'",
    "latest_of(事故, 发生日期) > years_ago(2)", "latest_of(事故, 属地) = ''", "min_of(事故, 属地) is null", "max_of(事故, 等级) >= '较大'", "latest_of(事故, 属地, 责任) = 名称",
    # links and tables
    "via(所在园区, 级别) in ('国家级', '省级')", "via(所在园区, 级别) is null", "via(所在园区, 园区税收) > 0元", "所在园区 = 'P1'", "所在园区 is null", "via(所在园区, known(园区税收))",
]  # fmt: skip

OTHERS = [
    "名称", "备注", "coalesce(名称, 备注)", "case when 规上 then 名称 else 备注 end", "年度等级", "coalesce(prior(年度等级), 年度等级)", "行业代码", "via(所在园区, 级别)",
    "status(税收)", "status(亩均税收)", "成立日期", "注销日期", "as_of", "period_start", "prior(period_end)",
    "years_ago(3)", "months_ago(3)", "days_ago(15)", "add_years(成立日期, 1)", "add_years(成立日期, 1年)", "add_years(成立日期, -3)", "add_months(成立日期, 1)", "add_months(成立日期, -1)", "add_months(成立日期, 13)", "add_months(注销日期, 1)",
    "add_years(注销日期, 1)", "add_years(注销日期, -1)", "add_days(成立日期, 1)", "add_days(成立日期, -31)", "add_days(注销日期, 1)", "add_days(注销日期, -1)", "add_days(成立日期, 天数)", "add_months(成立日期, 天数 / 1天)", "add_days(注销日期, 10000000)",
    "add_working_days(成立日期, 0)", "add_working_days(成立日期, 1)", "add_working_days(成立日期, 10)", "add_working_days(成立日期, -1)", "add_working_days(成立日期, -5)",
    "least(成立日期, 注销日期)", "greatest(成立日期, as_of, 注销日期)", "case when 规上 then 成立日期 else 注销日期 end", "coalesce(注销日期, 成立日期)",
    "max_of(事故, 发生日期)", "min_of(事故, 发生日期, 责任)", "latest_of(事故, 发生日期)", "max_of(事故, 等级)", "min_of(事故, 等级, 责任)", "latest_of(事故, 等级)", "max_of(事故, 属地)", "min_of(事故, 属地)", "latest_of(事故, 属地)",
    "latest_of(事故, add_months(发生日期, 1))", "max_of(事故, case when 责任 then 属地 else 编号 end)",
]  # fmt: skip
# A link that each year has anew is followed in the year that is meant.
LINKS = [
    "via(年度园区, 级别)", "prior(via(年度园区, 级别))", "year_ago(via(年度园区, 级别), 2)", "at(via(年度园区, 级别), '2020')", "via(年度园区, 园区税收)",
    "prior(via(年度园区, 园区税收))", "via(年度园区, prior(园区税收))", "prior(via(年度园区, prior(园区税收)))", "via(年度园区, 园区税收) - prior(via(年度园区, 园区税收))",
    "streak(via(年度园区, 级别) = '省级')", "first_time(via(年度园区, 级别) = '国家级')", "any_period(via(年度园区, 级别) = '国家级', 3)", "growth(via(年度园区, 园区税收))",
    "status(via(年度园区, 园区税收))", "status(prior(via(年度园区, 园区税收)))", "prior(年度园区) = 年度园区", "via(年度园区, known(园区税收))", "prior(via(年度园区, growth(园区税收) > 0))",
    "count_of(事故, 发生园区 = subject(prior(年度园区)))",
]  # fmt: skip
ALL = [*NUMBERS, *CONDITIONS, *OTHERS, *LINKS]

# Asked in March: months of the year, and yearly facts, which a month has no reading of.
MONTHLY = [
    "月产值", "月末人数", "prior(月产值)", "prior(月产值, 2)", "prior(月产值, 3)", "year_ago(月产值)", "at(月产值, '2022-02')", "sum_over(月产值, 2)", "mean_over(月产值, 3)",
    "to_date(月产值)", "single(月产值)", "prior(to_date(月产值))", "max_over(月产值, 3)", "growth(月产值)", "月产值 / 月末人数", "streak(月订单 > 100元)", "first_time(月订单 > 100元)", "count_periods(月产值 > 0元, 3)",
    "every_period(known(月产值), 3)", "税收", "period_start", "period_end", "prior(period_end)", "count_of(事故, 发生日期 < period_start)", "status(月产值)",
    "月指数", "月订单", "prior(月订单)", "prior(月订单, 2)", "to_date(月订单)", "single(月订单)", "streak(月订单 > 0元)", "sum_over(月订单, 2)", "月产值折税", "prior(人均月产值)", "亩均税收",
]  # fmt: skip
