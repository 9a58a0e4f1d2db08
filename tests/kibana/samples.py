"""A bundle of an invented instance for all tests."""

from index.kibana.bundle import Names, bundle, ndjson

NAMES = Names(
    parks={"yl": "云岭经开区"}, units={"zhuangbei": "招商一局(智能装备)", "zonghe": "综合科"}, sources={"chenbao": "云岭晨报", "manual": "人工录入"},
)


def objects():
    return bundle(NAMES)


def data():
    return ndjson(objects())
