"""A small region: firms, their years, months, incidents and projects, and parks they stand in."""

from __future__ import annotations

from functools import cache

from kaogong.language.check import check
from kaogong.language.expression import Expression
from kaogong.language.finding import has_errors
from kaogong.language.span import Span, Text
from kaogong.programme.bundle import Bundle
from kaogong.programme.programme import Programme, load_programme

PROGRAMME = """\
kind: Programme
id: small_region
title: 小区域
language: 1
"""
REGISTERS = """\
{kind: Register, id: severity, title: 严重程度, source: {evidence: example}, effective_from: 2018-01-01, codes: [一般, 较大, 重大, 特别重大], ordered: rising}
---
{kind: Register, id: sectors, title: 行业, source: {evidence: example}, effective_from: 2018-01-01, codes: [C, C35, C3511, D44, D45]}
---
kind: Register
id: park
title: 园区
source: {evidence: example}
effective_from: 2018-01-01
key: [subject_id]
kept: live
visible_to: true
fields:
  subject_id: {title: 园区编号, required: true}
  level: {title: 级别}
---
kind: Register
id: park_year
title: 园区年度
source: {evidence: example}
effective_from: 2018-01-01
of: park
period: year
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  park_tax: {title: 园区税收, unit: 万元, scale: 2, nature: flow}
---
kind: Register
id: enterprise
title: 企业
source: {evidence: example}
effective_from: 2018-01-01
key: [subject_id]
kept: live
visible_to: true
fields:
  subject_id: {title: 主体编号, required: true}
  name: {title: 名称}
  founded_on: {title: 成立日期, type: date}
  closed_on: {title: 注销日期, type: date}
  industry: {title: 行业代码, codes: sectors}
  park: {title: 所在园区, link: park}
---
kind: Register
id: enterprise_year
title: 企业年度
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: year
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  tax: {title: 税收, unit: 元, scale: 2, nature: flow, range: "[-100亿元, 100亿元]"}
  revenue: {title: 营业收入, unit: 元, scale: 2, nature: flow, comparable: revenue_base}
  revenue_base: {title: 可比收入, unit: 元, scale: 2, nature: flow}
  rd: {title: 研发费用, unit: 万元, scale: 2, nature: flow, range: "[0, 1000000]"}
  area: {title: 面积, unit: 平方米, scale: 2, nature: stock, range: "[-1000, 100000000]"}
  staff: {title: 人数, unit: 人, scale: 0, nature: stock, range: "[0, 1000000]"}
  term: {title: 天数, unit: 天, scale: 1, nature: level, range: "[-100, 100]"}
  huge: {title: 巨额, unit: 元, scale: 2, nature: flow, range: "[0, 1000000000亿元]"}
  share: {title: 占比, unit: "%", scale: 2, nature: level, range: "[0, 100]"}
  above: {title: 规上, type: yes_no}
  meets: {title: 达标, type: yes_no}
  grade: {title: 年度等级, codes: severity}
  remark: {title: 备注}
  year_park: {title: 年度园区, link: park}
---
kind: Register
id: enterprise_month
title: 企业月度
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: month
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  output: {title: 月产值, unit: 元, scale: 2, nature: flow, range: "[0, 10亿元]"}
  headcount: {title: 月末人数, unit: 人, scale: 0, nature: stock, range: "[0, 1000000]"}
  index: {title: 月指数, unit: "%", scale: 1, nature: level, range: "[0, 1000]"}
  mood: {title: 月末情况}
---
kind: Register
id: enterprise_joint
title: 企业合并月度
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: month
jan_feb: together
key: [subject_id, period]
kept: delivered
visible_to: true
fields:
  orders: {title: 月订单, unit: 元, scale: 2, nature: flow, range: "[0, 10亿元]"}
---
kind: Register
id: incident
title: 事故
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
key: [subject_id, incident_no]
dated_by: happened_on
kept: delivered
visible_to: true
fields:
  incident_no: {title: 编号, required: true}
  happened_on: {title: 发生日期, type: date}
  gravity: {title: 等级, codes: severity}
  loss: {title: 损失, unit: 元, scale: 2, nature: flow, range: "[-100亿元, 100亿元]"}
  liable: {title: 责任, type: yes_no}
  place: {title: 属地}
  site: {title: 发生园区, link: park}
"""
INDICATORS = """\
kind: Indicator
id: tax_per_mu
title: 亩均税收
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: year
value: 税收 / 面积
unit: 万元/亩
scale: 4
nature: ratio
better: high
on_zero: missing
---
kind: Indicator
id: tax_per_mu_any
title: 亩均税收不论正负
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: year
value: 税收 / 面积
unit: 万元/亩
scale: 2
nature: ratio
better: high
on_zero: 7
negative_base: allow
---
kind: Indicator
id: rd_share
title: 研发占比
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: year
value: 研发费用 / 营业收入
unit: "%"
scale: 2
nature: ratio
better: high
on_zero: missing
---
kind: Indicator
id: output_taxed
title: 月产值折税
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: month
value: 月产值 * 0.333
unit: 元
scale: 2
nature: flow
better: high
---
kind: Indicator
id: output_each
title: 人均月产值
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: month
value: 月产值 / 月末人数
unit: 元/人
scale: 2
nature: ratio
better: high
on_zero: missing
---
kind: Indicator
id: land_tax
title: 单位面积税收
source: {evidence: example}
effective_from: 2018-01-01
of: [enterprise, park]
period: year
value: 税收 / 面积
unit: 元/平方米
scale: 2
nature: ratio
better: high
on_zero: missing
---
kind: Indicator
id: mixed
title: 综合值
source: {evidence: example}
effective_from: 2018-01-01
of: enterprise
period: year
value: 亩均税收 / 10万元/亩 + 研发占比 * 2
unit: "%"
scale: 1
nature: level
better: high
on_zero: missing
"""


@cache
def programme() -> Programme:
    """Return the programme, which must have no error."""
    files = {
        "programme.yaml": PROGRAMME.encode(),
        "registers.yaml": REGISTERS.encode(),
        "indicators.yaml": INDICATORS.encode(),
    }
    made = load_programme(Bundle("small_region", files))
    assert not has_errors(made.findings), list(made.findings)
    return made


def parsed(text: str) -> Expression:
    """Return an expression about a firm."""
    return check(Text(text, Span("suite", 1, 1)), programme().book.scope("enterprise"))
