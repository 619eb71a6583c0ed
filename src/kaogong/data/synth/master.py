"""The master list: codes with right check digits, names no registry holds, links of firms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.city import MARK, City
from kaogong.data.synth.land import Land
from kaogong.data.synth.people import (
    ABOVE,
    BELOW,
    HOUSEHOLD,
    SMALL,
    People,
)
from kaogong.data.synth.places import (
    CLUSTERS,
    COUNTIES,
    INTO,
    MERGED,
    PARKS,
    PREFECTURE_SHORT,
    TOWNS,
)
from kaogong.data.synth.streams import BoolArray, FloatArray, IntArray, Streams, spread
from kaogong.data.synth.table import (
    Column,
    Joined,
    Number,
    Same,
    Table,
    Units,
    Words,
    parcel_ids,
    subjects,
)
from kaogong.data.synth.trades import TRADES
from kaogong.data.synth.years import MISSING

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: 31 signs
ORGANISATION_SIGNS = "0123456789X"
_WEIGHTS = np.array([3**n % 31 for n in range(17)])
_ORGANISATION = np.array([3, 7, 9, 10, 5, 8, 4, 2])  # GB 11714
REGISTRARS = ("91", "92", "N2")  # company, household, collective of a village
COMPANY, TRADER, VILLAGE = range(3)
# metals, tools and crafts: three of them in a row are no word
BRAND_SIGNS = (
    "铄砺钎鞣镕榫锉淬锻铣镗刨錾镂髹鞔铆锲栉镌锘铷锇铪"
    "铊钽镱铕镝铒铥镥钪钇铌锆铟铼钌铑钯镉砑砣砻硎锛镢"
)
SUFFIXES = ("有限公司", "股份有限公司", "厂", "有限公司分公司", "工坊", "股份经济合作社")
LIMITED, SHARES, WORKS, BRANCH, WORKSHOP, COLLECTIVE = range(6)
KINDS = ("法人企业", "分支机构", "自然人工业户")
TYPES = (
    "有限责任公司",
    "股份有限公司",
    "个人独资企业",
    "分公司",
    "个体工商户",
    "农村集体经济组织",
)
STATES = ("存续", "注销")
_KIND_OF_SUFFIX = np.array([0, 0, 0, 1, 2, 0])
_MULTIPLIER = 61_803_399  # no common factor with a power of ten: numbers never repeat


@dataclass(slots=True)
class Master:
    """What the master list says of each firm beside place, trade and dates."""

    brand: IntArray
    former_brand: IntArray  # -1: never renamed
    word_of_place: IntArray  # county, or behind the counties the prefecture
    trade_word: IntArray
    suffix: IntArray
    registrar: IntArray
    has_code: BoolArray
    organisation: IntArray  # eight digits
    capital: IntArray
    closed: BoolArray
    due: IntArray
    parent: IntArray
    predecessor: IntArray
    customer: IntArray
    county_now: IntArray  # after moves and the district's merger


def settle_master(
    city: City, people: People, land_own: IntArray, last: FloatArray, streams: Streams
) -> Master:
    """Draw names, codes and links of every firm."""
    generator, count = streams.of("codes"), people.count
    place, draw = np.arange(count), generator.random((5, count))
    household = people.pool == HOUSEHOLD
    branch = (people.pool <= BELOW) & (draw[0] < city.branch_share)
    suffix = np.select(
        [household, branch, people.pool > ABOVE],
        [WORKSHOP, BRANCH, np.where(draw[0] > 0.75, WORKS, LIMITED)],
        np.where((draw[0] > 0.95) | people.is_top, SHARES, LIMITED),
    )
    # a fifth of turnover, in tens of 10,000 yuan
    capital = 1_000 * np.rint(last * 2e-6 * spread(generator, 0.6, count) + 1)
    due = np.where((land_own > 0) & (draw[2] < 0.06), people.founded + 900, MISSING)
    return Master(
        brand=_permuted(place, len(BRAND_SIGNS) ** _signs(count), 20_641),
        former_brand=np.full(count, -1),
        word_of_place=np.where(draw[1] < 0.15, len(COUNTIES), people.county),
        trade_word=people.trade.copy(),
        suffix=suffix.astype(np.int64),
        registrar=np.where(household, TRADER, COMPANY),
        has_code=~household | (draw[3] >= city.household_uncoded),
        organisation=_permuted(place, 10**8, _MULTIPLIER),
        capital=np.where(household, MISSING, np.rint(capital).astype(np.int64)),
        closed=people.last < len(people.years) - 1,
        due=due,
        parent=_parents(city, people, draw[4], streams),
        predecessor=np.full(count, -1),
        customer=_permuted(place, 10**8, 39_916_801),
        county_now=_county_now(people),
    )


def unused_brand(firms: int) -> int:
    """Return a brand that none of the firms was given."""
    return int(_permuted(np.array([firms]), len(BRAND_SIGNS) ** _signs(firms), 20_641)[0])


def _signs(count: int) -> int:
    signs = 3
    while len(BRAND_SIGNS) ** signs <= count:
        signs += 1
    return signs


def _permuted(place: IntArray, size: int, multiplier: int) -> IntArray:
    """Return different numbers below `size` for different places."""
    return (place * multiplier + 12_345) % size


def _parents(city: City, people: People, draw: FloatArray, streams: Streams) -> IntArray:
    """Let some above-scale firms belong to one of the largest."""
    tops = np.flatnonzero(people.is_top)
    belongs = people.always_above & ~people.is_top & (draw < city.group_share)
    if not len(tops):
        return np.full(people.count, -1)
    chosen = streams.of("codes", 1).integers(0, len(tops), people.count)
    return np.where(belongs, tops[chosen], -1)


def code_columns(people: People, master: Master) -> tuple[Column, Column]:
    """Return the credit codes and the older organisation codes."""
    digits = _digits(master.organisation)
    tail = (11 - digits @ _ORGANISATION % 11) % 11
    registrar_signs = np.array([[ALPHABET.index(s) for s in word] for word in REGISTRARS])
    division = np.array([[int(s) for s in county.code] for county in COUNTIES])
    tail_sign = np.where(tail == 10, ALPHABET.index("X"), tail)
    whole = np.hstack(
        [registrar_signs[master.registrar], division[people.county], digits, tail_sign[:, None]]
    )
    check = (31 - whole @ _WEIGHTS % 31) % 31
    coded = np.where(master.has_code, 0, -1)
    code = Joined((
        Words(np.where(coded < 0, -1, master.registrar), REGISTRARS),
        Words(people.county, tuple(county.code for county in COUNTIES)),
        Number(master.organisation, 8),
        Words(tail, tuple(ORGANISATION_SIGNS)),
        Words(check, tuple(ALPHABET)),
    ))  # fmt: skip
    old = master.has_code & (people.founded < 16_500) & (master.registrar == COMPANY)
    former = Joined((
        Number(np.where(old, master.organisation, -1), 8),
        Same("-"),
        Words(tail, tuple(ORGANISATION_SIGNS)),
    ))  # fmt: skip
    return code, former


def _digits(numbers: IntArray) -> IntArray:
    return numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10


def name_column(master: Master, *, former: bool = False) -> Column:
    """Return the names; with `former` the former names, where there is one."""
    brand = master.former_brand if former else master.brand
    signs, parts = _signs(len(brand)), []
    for n in range(signs):
        place = np.where(
            brand < 0, -1, brand // len(BRAND_SIGNS) ** (signs - 1 - n) % len(BRAND_SIGNS)
        )
        parts.append(Words(place, tuple(BRAND_SIGNS)))
    words = (*(county.short for county in COUNTIES), PREFECTURE_SHORT)
    return Joined((
        Words(master.word_of_place, words), *parts,
        Words(master.trade_word, tuple(trade.word for trade in TRADES)),
        Words(master.suffix, SUFFIXES),
    ))  # fmt: skip


def _county_now(people: People) -> IntArray:
    merged = len(people.years) > 1
    return np.where((people.county == MERGED) & merged, INTO, people.county)


def _sites(land: Land) -> Column:
    """Return the first plot a firm uses: the landlord's, where it rents from one."""
    place = np.arange(len(land.own))
    settled = np.where(land.landlord >= 0, land.landlord, place)
    somewhere = (land.own > 0) | (land.rented > 0)
    return parcel_ids(np.where(somewhere, settled, -1), np.zeros_like(place))


def master_table(people: People, master: Master, land: Land) -> Table:
    """Return the register `enterprise`."""
    code, former_code = code_columns(people, master)
    counties = tuple(county.code for county in COUNTIES)
    return {
        "subject_id": subjects(np.arange(people.count)),
        "uscc": code,
        "former_uscc": former_code,
        "name": name_column(master),
        "former_name": name_column(master, former=True),
        "entity_kind": Words(_KIND_OF_SUFFIX[master.suffix], KINDS),
        "registration_type": Words(master.suffix, TYPES),
        "registration_state": Words(master.closed.astype(np.int64), STATES),
        "registered_capital": Units(master.capital),
        "address": Joined((
            Words(people.county, tuple(f"{c.name}" for c in COUNTIES)),
            Words(people.town, tuple(town.name for town in TOWNS)),
            Number(master.organisation % 997 + 1, 0), Same(f"号({MARK})"),
        )),
        "division": Words(master.county_now, counties),
        "park": Words(people.park, tuple(park.id for park in PARKS)),
        "site": _sites(land),
        "cluster": Words(people.cluster, tuple(cluster.id for cluster in CLUSTERS)),
        "industry": Words(people.trade, tuple(trade.code for trade in TRADES)),
        "founded_on": Units(people.founded),
        "in_production_since": Units(people.produced),
        "production_due": Units(master.due),
        "customer_no": Number(master.customer, 8, "98"),
        "water_no": Number(np.where(people.pool <= SMALL, master.customer, -1), 8, "W"),
        "gas_no": Number(np.where(people.pool == ABOVE, master.customer, -1), 8, "G"),
        "parent_group": subjects(master.parent),
        "predecessor": subjects(master.predecessor),
    }  # fmt: skip
