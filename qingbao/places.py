"""Administrative places: finding them in text, filling in their upper levels, asking whether one lies in another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from qingbao.model import Place

_Chain = tuple[str, str | None, str | None]  # province, city, district with canonical suffixes

MUNICIPALITIES = frozenset({"北京市", "上海市", "天津市", "重庆市"})
_PROVINCE_TAIL = re.compile(r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$")
_PEOPLES = (
    "蒙古族|藏族|回族|苗族|维吾尔族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|"
    "柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|普米族|怒族|独龙族|裕固族|保安族|各族|蒙古|哈萨克|柯尔克孜|塔吉克"
)
_SELF_RULE = re.compile(rf"(?:{_PEOPLES})*(?:自治州|自治县|自治旗|联合旗)$")
# What follows a name when it is a street, a line or an institution and no place of work: 南京路, 重庆北路, 西安交通大学.
_NO_PLACE_AFTER = re.compile(
    r"(?:[东西南北中]|[一二三四五六七八九十]|环)?(?:路(?!由|演|径|线|桥)|大街|大道|高速|快速路|高铁|城际)|街(?!道)"
    r"|大学|学院|交通大|理工|师范|银行|证券|日报|晚报|晨报|商报|早报|都市报|卫视|电视台|时报|网讯|菜|话(?!语)|方言|石(?!化|油|家|墨|材|料|灰|英|板)"
)
_ZONE_TAIL = re.compile(
    r"(?:[一-龥]{0,6}?)(?:国家级)?(?:经济技术开发区|经济开发区|经济技术产业园|高新技术产业开发区|高新技术开发区|高新技术产业园区|高新技术产业园|高新产业开发区|"
    r"综合保税区|保税港区|保税区|保税物流园区|自由贸易试验区|自贸区|自贸试验区|出口加工区|综合实验区|临空经济区|临港经济区|化工园区|化学工业园区|化学工业园|"
    r"工业园区|工业集中区|工业园|产业园区|产业集聚区|产业集中区|产业园|科技园区|科技园|创新园|示范区|开发区|高新园区|高新区|经开区|综保区|工业区|新区|新城|园区)"
)
_ZONE_END = re.compile(r"(?:开发区|高新区|经开区|新区|园区|工业园|保税区|基地|新片区|示范区|生态城)$")
_SHORT_ZONE = (
    ("高新技术产业开发区", "高新区"), ("高新技术开发区", "高新区"), ("高新技术产业园区", "高新区"), ("高新园区", "高新区"), ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"), ("综合保税区", "综保区"), ("工业园区", "工业园"), ("产业园区", "产业园"),
)
_UNKNOWN_CITY = re.compile(r"([一-龥]{2,3}市)")
_UNKNOWN_DISTRICT = re.compile(r"([一-龥]{1,3}[区县旗])(?!域|级|内|位|别)")
_NO_NAME = re.compile(r"[省市区县的在与和及向于至到将为各全本该新城地个等是有]")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place in a text: ``start`` and ``end`` are code points; ``explicit`` says that at least one part stood with its suffix."""

    start: int
    end: int
    place: Place
    explicit: bool
    region: str | None = None  # 西南, 长三角: wider than a province; ``place`` is then empty but for its text


def _rows(name: str) -> Iterable[list[str]]:
    text = resources.files("qingbao").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def stem(name: str) -> str:
    """The name without its suffix: 江苏省 → 江苏, 恩施土家族苗族自治州 → 恩施, 江阴市 → 江阴, 云岭经济技术开发区 → 云岭经开区."""
    for long, short in _SHORT_ZONE:
        if name.endswith(long):
            return name[: -len(long)] + short
        if name.endswith(short):
            return name
    bare = _PROVINCE_TAIL.sub("", name) if _PROVINCE_TAIL.search(name) and len(name) > 2 else name
    if bare == name:
        bare = _SELF_RULE.sub("", name)
    if bare == name and len(name) > 2:
        bare = re.sub(r"(?:新区|林区|特区|地区|[市县区旗盟])$", "", name)
    return bare if len(bare) >= 2 else name


class Gazetteer:
    """All surface forms of all places, read once."""

    def __init__(self) -> None:
        self.forms: dict[str, list[tuple[_Chain, bool, bool]]] = {}  # surface → (chain, explicit, may stand alone)
        self.chains: set[_Chain] = set()
        self.cities_of: dict[str, set[str]] = {}
        self.prefer: dict[str, _Chain] = {}
        self.regions: set[str] = set()
        self.abbr: dict[str, str] = {}
        self.countries = {row[0]: row[1] for row in _rows("countries.tsv")}
        bare: set[str] = set()
        self.bare = bare
        for kind, word, *value in _rows("place_words.tsv"):
            if kind == "bare":
                bare.add(word)
            elif kind == "prefer":
                self.prefer[word] = _chain(value[0])
            elif kind == "region":
                self.regions.add(word)
            elif kind == "abbr":
                self.abbr[word] = value[0]
        self._divisions(bare)
        for old, today in _rows("divisions_old.tsv"):
            self._add(old, _chain(today), old[-1] in "市县区盟", True)
        for zone, where in _rows("zones.tsv"):
            if where.strip("/"):
                self._add(zone, _chain(where), False, True)
        self.heads = {form[:2] for form in self.forms} | {c[:2] for c in self.countries} | {r[:2] for r in self.regions}
        self.longest = max(map(len, self.forms))

    def _add(self, form: str, chain: _Chain, explicit: bool, alone: bool) -> None:
        if len(form) >= 2 and all(chain != have[0] for have in self.forms.get(form, ())):
            self.forms.setdefault(form, []).append((chain, explicit, alone))
        self.chains.add(chain)
        if chain[1]:
            self.cities_of.setdefault(chain[0], set()).add(chain[1])

    def _divisions(self, bare: set[str]) -> None:
        names = {row[0]: row[1] for row in _rows("divisions.tsv")}
        for code, name in names.items():
            province = names[code[:2]]
            if len(code) == 2:
                chain: _Chain = (province, province if province in MUNICIPALITIES else None, None)
            elif len(code) == 4 or code[2:4] == "90":  # counties right under the province count as cities
                chain = (province, name, None)
            else:
                chain = (province, province if province in MUNICIPALITIES else names[code[:4]], name)
            short = stem(name)
            self._add(name, chain, True, True)
            if short == name or len(short) < 2:
                continue
            district = chain[2] is not None
            # 江阴 alone is clear enough, 南海 or 宝山 is not: districts and counties need their parent before them.
            self._add(short, chain, False, short not in bare and (not district or name.endswith("市")))
            if name.endswith("自治州") or (name.endswith("地区") and len(code) == 4):
                self._add(short + "州", chain, True, True)


def _chain(text: str) -> _Chain:
    province, city, district = ([*text.split("/"), "", ""])[:3]
    return (province, city or None, district or None)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The table of places; reading it takes some 20 ms."""
    return Gazetteer()


def _below(child: _Chain, parent: _Chain) -> bool:
    return all(p is None or p == c for c, p in zip(child, parent))


def _settle(options: list[_Chain], form: str, near: Sequence[Place]) -> _Chain | None:
    """Of several places of one name the one that fits the places around, the preferred one, or what they share."""
    if len(options) == 1:
        return options[0]
    for place in near:
        for level in (2, 1):
            known: _Chain = (place.province or "", place.city if level == 2 else None, None)
            fitting = [o for o in options if _below(o, known)]
            if len(fitting) == 1:
                return fitting[0]
    if form in gazetteer().prefer:
        return gazetteer().prefer[form]
    upper = [o for o in options if o[2] is None]
    if len(upper) == 1:  # 吉林 the province before 吉林 the city is settled by `prefer`; a city beats a district of the same stem
        return upper[0]
    if len({o[:2] for o in options}) == 1:
        return (options[0][0], options[0][1], None)
    return None


def find_places(text: str, *, near: Sequence[Place] = (), loose: bool = False) -> list[FoundPlace]:
    """All places of a text in order, adjoining names of falling level joined into one (江苏 + 无锡市 + 江阴).

    ``near`` are places that the document is about: they settle names that several places bear, and let the short form of
    a district stand alone (肥东 in a text about 合肥). ``loose`` lets any unambiguous short form stand alone. Linear in the length of the text.
    """
    gaz = gazetteer()
    found: list[FoundPlace] = []
    i, n = 0, len(text)
    while i < n - 1:
        if text[i : i + 2] not in gaz.heads:
            i += 1
            continue
        hit = _chain_at(text, i, near, loose)
        if hit is None:
            i += 1
            continue
        found.append(hit)
        i = hit.end
    return found


def _surface_at(text: str, i: int, parent: _Chain | None, near: Sequence[Place], loose: bool) -> tuple[int, list[_Chain], bool] | None:
    """The longest name at ``i`` that may stand there: its end, what it may mean, whether its suffix is there."""
    gaz = gazetteer()
    for size in range(min(gaz.longest, len(text) - i), 1, -1):
        entries = gaz.forms.get(text[i : i + size])
        if not entries:
            continue
        if parent is not None:
            fitting = [(c, e) for c, e, _ in entries if _below(c, parent) and c != parent]
        else:
            fitting = [(c, e) for c, e, alone in entries if alone or loose or (text[i : i + size] not in gaz.bare and any(_near(c, p) for p in near))]
        if fitting and not _NO_PLACE_AFTER.match(text, i + size):
            return i + size, [c for c, _ in fitting], any(e for _, e in fitting)
    return None


def _near(chain: _Chain, place: Place) -> bool:
    """A short district form counts where the document already names its city (or its province, for counties of another city)."""
    return place.province == chain[0] and (place.city is None or place.city == chain[1])


def _chain_at(text: str, start: int, near: Sequence[Place], loose: bool) -> FoundPlace | None:
    gaz = gazetteer()
    for size in range(min(7, len(text) - start), 1, -1):
        word = text[start : start + size]
        if word in gaz.countries:
            if text[start + size : start + size + 1] == "省" or _is_longer_here(text, start, size):
                break
            return FoundPlace(start, start + size, Place(country=gaz.countries[word], text=word), True)
        if word in gaz.regions and not _is_longer_here(text, start, size) and not _NO_PLACE_AFTER.match(text, start + size):
            return FoundPlace(start, start + size, Place(text=word), False, region=word)
    first = _surface_at(text, start, None, near, loose)
    if first is None:
        return None
    end, options, explicit = first
    form = text[start:end]
    while True:
        gap = end + 1 if text[end : end + 1] in {"·", " ", "/", "、"} and options[0][2] is None and text[end : end + 1] != "、" else end
        grown = None
        for parent in dict.fromkeys(options):
            grown = _surface_at(text, gap, parent, near, loose)
            if grown:
                break
        if grown is None or all(o[2] for o in options):
            break
        end, options, more = grown
        form = text[gap:end]
        explicit = explicit or more
    chain = _settle(list(dict.fromkeys(options)), form, near)
    if chain is None:
        return None
    return _finish(text, start, end, chain, explicit)


def _is_longer_here(text: str, start: int, size: int) -> bool:
    """Whether a Chinese place of the table begins here and is longer (东北 against 东北亚, 西宁省 against 西宁)."""
    entry = _surface_at(text, start, None, (), False)
    return entry is not None and entry[0] > start + size


def _finish(text: str, start: int, end: int, chain: _Chain, explicit: bool) -> FoundPlace:
    province, city, district = chain
    if city is None and province not in MUNICIPALITIES:  # a city that the table does not know, behind its province
        unknown = _UNKNOWN_CITY.match(text, end)
        if unknown and not _NO_NAME.search(unknown[1][:-1]):
            city, end, explicit = unknown[1], unknown.end(), True
    if city is not None and district is None and text[end - 1 : end] in {"市", "州", "区", "盟"}:
        unknown = _UNKNOWN_DISTRICT.match(text, end)
        # Behind a city of the table only its own districts count, behind an unknown one any word that looks like one.
        if unknown and chain[1] is None and not _NO_NAME.search(unknown[1][:-1]) and unknown[1] not in {"高新区", "经开区"}:
            district, end = unknown[1], unknown.end()
    zone = _zone_at(text, start, end)
    if zone is None and district != text[start:end] and _ZONE_END.search(text[start:end]):
        zone = text[start:end]
    place = Place(province=province, city=city, district=district, zone=zone, text=text[start:end])
    return FoundPlace(start, end, place, explicit)


def _zone_at(text: str, start: int, end: int) -> str | None:
    """The zone whose name begins with the place just found: 合肥 + 高新技术产业开发区."""
    tail = _ZONE_TAIL.match(text, end, min(len(text), end + 18))
    if tail and not re.search(r"[，。、；,;:：()（）与和及的在]", tail.group()):
        head = text[start:end]
        return head + tail.group()
    return None


def find_place(text: str) -> Place | None:
    """The first Chinese place of a short text (an address, a cell of a table), or None; short forms of districts count where they are unique."""
    hits = [hit for hit in find_places(text, loose=True) if hit.region is None]
    best = max((h for h in hits if h.place.country == "中国"), key=lambda h: (depth(h.place), -h.start), default=None)
    if best is None:
        return hits[0].place if hits else None
    return best.place


def depth(place: Place) -> int:
    """How exact a place is: 0 nothing, 1 province, 2 city, 3 district."""
    return 3 if place.district else 2 if place.city else 1 if place.province else 0


def complete(province: str | None, city: str | None, district: str | None = None) -> Place | None:
    """A place with canonical suffixes and filled upper levels from what a form or a table gives; None if nothing is known."""
    parts = [p for p in (province, city, district) if p]
    if not parts:
        return None
    hits = [h.place for h in find_places("".join(dict.fromkeys(parts)), loose=True) if h.place.country == "中国" and h.region is None]
    best = max(hits, key=depth, default=None)
    if best is None or (city and best.city is None and city != province):
        return Place(province=(best.province if best else province), city=city, district=district, text="".join(parts))
    if district and best.district is None:
        best = replace(best, district=district)
    return replace(best, text="".join(parts))


def within(place: Place | None, own_places: Sequence[str]) -> bool:
    """Whether a place lies in one of these named places (a province, city, district or zone, with or without suffix)."""
    if place is None:
        return False
    levels = [place.province, place.city, place.district, place.zone, place.text]
    stems = {stem(level) for level in levels if level}
    for own in own_places:
        wanted = stem(own)
        if wanted in stems or own in stems:
            return True
        if any(level and own in level for level in (place.zone, place.text)):
            return True
        if own[-1:] == "区" and len(wanted) > 3 and any(s.endswith(wanted) or (wanted.endswith(s) and len(s) > 3) for s in stems):
            return True
        known = find_place(own)
        if known and known.province == place.province and depth(known) <= depth(place) and depth(known) > 0 and known.zone is None:
            same = (known.city is None or known.city == place.city) and (known.district is None or known.district == place.district)
            if same and own[-1:] not in {"园"} and not own.endswith(("开发区", "高新区", "经开区", "新区", "园区")):
                return True
    return False


def learn(province: str | None, city: str | None, names: Iterable[str]) -> None:
    """Add places that no table knows (a new zone, a renamed county): the own places of an instance's parks, once a process.

    A name that the tables know keeps its meaning.
    """
    if not province:
        return
    table = gazetteer()
    for name in filter(None, (city, *names)):
        if name in table.forms:
            continue
        zone = name[-1] not in "市县区旗" or name.endswith(("开发区", "园区", "新区", "高新区", "经开区"))
        chain: _Chain = (province, city, None if zone or name == city else name)
        table._add(name, chain, not zone, True)
        if stem(name) != name:
            table._add(stem(name), chain, False, False)
        table.heads.add(name[:2])
        table.longest = max(table.longest, len(name))
