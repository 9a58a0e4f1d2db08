import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingbao.model import Place
from qingbao.places import complete, find_place, find_places, stem, within


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("江苏省宿迁市沭阳县", "江苏省/宿迁市/沭阳县"),
        ("安徽肥东工厂", "安徽省/合肥市/肥东县"),  # short forms in a chain
        ("广西壮族自治区百色市", "广西壮族自治区/百色市/"),
        ("江苏省常熟市", "江苏省/苏州市/常熟市"),  # the level between is filled in
        ("昆山", "江苏省/苏州市/昆山市"),
        ("西安航空基地", "陕西省/西安市/阎良区"),  # never 西安区 of another province
        ("陕西省西安市长安区", "陕西省/西安市/长安区"),
        ("吉林省吉林市", "吉林省/吉林市/"),
        ("内蒙古兴安盟", "内蒙古自治区/兴安盟/"),
        ("在石河子市", "新疆维吾尔自治区/石河子市/"),
        ("海南州", "青海省/海南藏族自治州/"),
        ("湖北襄樊", "湖北省/襄阳市/"),  # old name
        ("广东增城市", "广东省/广州市/增城区"),
        ("四川省云岭市青禾区", "四川省/云岭市/青禾区"),  # a city that no table knows, behind its province
        ("重庆两江新区", "重庆市/重庆市/"),
        ("上海市浦东新区", "上海市/上海市/浦东新区"),
    ],
)
def test_chain(text: str, chain: str) -> None:
    place = find_places(text)[0].place
    assert f"{place.province}/{place.city or ''}/{place.district or ''}" == chain


@pytest.mark.parametrize("text", ["重庆路以东、南京路以北地块", "大理石加工", "山西北路99弄", "长安汽车", "东方电气", "西安交通大学", "来宾致辞", "阿里巴巴", "云南白药酒".replace("云南", "")])
def test_streets_and_words_are_no_places(text: str) -> None:
    assert [h for h in find_places(text) if h.region is None] == []


def test_zone_and_offsets() -> None:
    text = "与安徽滁州经济技术开发区签约"
    (hit,) = find_places(text)
    assert text[hit.start : hit.end] == "安徽滁州"
    assert hit.place.zone == "安徽滁州经济技术开发区"


def test_same_name_is_settled_by_the_places_around() -> None:
    assert find_places("鼓楼区", near=[Place(province="福建省", city="福州市")])[0].place.city == "福州市"
    assert find_places("鼓楼区") == []
    assert find_places("肥东", near=[Place(province="安徽省", city="合肥市")])[0].place.district == "肥东县"


def test_abroad_and_regions() -> None:
    assert find_places("在泰国巴真府建厂")[0].place.country == "泰国"
    assert find_places("拟在西南布局")[0].region == "西南"


def test_complete_and_find_place() -> None:
    assert complete("江苏", "苏州", "昆山") == Place(province="江苏省", city="苏州市", district="昆山市", text="江苏苏州昆山")
    assert complete(None, None) is None
    place = find_place("肥东县店埠镇")
    assert place is not None
    assert place.city == "合肥市"


@pytest.mark.parametrize(
    ("place", "own", "inside"),
    [
        (Place(province="四川省", city="云岭市", district="青禾区"), ["云岭市"], True),
        (Place(province="四川省", city="云岭市"), ["云岭经济技术开发区"], False),  # somewhere in the city is not yet in the zone
        (Place(zone="云岭经开区", text="云岭经开区"), ["云岭经济技术开发区"], True),
        (Place(province="安徽省", city="合肥市", district="蜀山区"), ["合肥市"], True),
        (Place(province="安徽省", city="芜湖市"), ["合肥市"], False),
        (Place(province="安徽省"), ["合肥市"], False),
        (Place(province="江苏省", city="苏州市", district="昆山市"), ["苏州"], True),
        (None, ["合肥市"], False),
        (Place(country="泰国", text="泰国"), ["合肥市"], False),
    ],
)
def test_within(place: Place | None, own: list[str], inside: bool) -> None:
    assert within(place, own) is inside


@pytest.mark.parametrize(
    ("name", "short"), [("江苏省", "江苏"), ("恩施土家族苗族自治州", "恩施"), ("江阴市", "江阴"), ("云岭经济技术开发区", "云岭经开区"), ("义县", "义县"), ("新疆维吾尔自治区", "新疆")]
)
def test_stem(name: str, short: str) -> None:
    assert stem(name) == short


@given(st.text(alphabet="江苏省无锡市宜兴县区新西安吉林海南州东北路经济技术开发区在与、，京沪", max_size=40))
def test_offsets_always_fit(text: str) -> None:
    for hit in find_places(text):
        assert hit.place.text == text[hit.start : hit.end]
