"""Invented companies of eight trades and the parks that want two of them."""

from __future__ import annotations

import random

from qingbao.model import ChainLink, Industry, Park

TRADES = {
    "机器人": ["谐波减速器", "伺服电机", "焊接机器人", "搬运机器人", "机器人控制器", "关节模组", "机器视觉系统", "末端夹具"],
    "电池": ["磷酸铁锂电池", "锂电池正极材料", "锂电池隔膜", "电解液", "电池包", "电池管理系统", "负极材料", "电池壳体"],
    "茶": ["红茶", "绿茶", "茶饮料", "茶叶包装", "茶园", "炒茶机", "白茶", "抹茶粉"],
    "纺织": ["棉纱", "针织面料", "印染布", "衬衫", "校服", "毛巾", "家纺床品", "化纤长丝"],
    "医药": ["原料药", "注射液", "口服片剂", "疫苗", "中药饮片", "体外诊断试剂", "医用导管", "中成药"],
    "环保": ["污水处理设备", "垃圾焚烧炉", "烟气脱硫装置", "环境监测仪器", "反渗透膜", "危废处置", "除尘器", "污泥干化设备"],
    "物流": ["冷链仓储", "快递分拣", "公路货运", "多式联运", "保税仓库", "集装箱堆场", "货运代理", "城市配送"],
    "软件": ["财务软件", "工业软件", "数据中心", "云计算平台", "人工智能算法", "信息安全产品", "办公系统", "软件外包"],
}
MAKES = ["公司生产{a}、{b}和{c}", "主营{a}、{b}的研发、制造与销售，兼营{c}", "建有{a}生产线，年产{b}二十万件，{c}供应各地", "产品有{a}、{b}、{c}等多个系列"]
TALK = ["位于县城东边，交通便利", "成立十五年，员工三百人", "厂房占地五十亩", "每年参加行业展会", "拥有专利十余项", "产品销往华东和西南", "获得当地政府表彰"]
# Sentences that speak of no trade.
UNRELATED = [
    "食堂每天供应三餐。", "员工每年体检一次。", "办公楼前有一个小广场。", "每逢春节发放慰问品。", "公司设有图书角和乒乓球室。", "班车往返市区和厂区。",
    "去年组织员工爬山两次。", "门卫二十四小时值守。", "每月评选优秀员工。", "新员工入职有师傅带。",
]


def companies(count: int, seed: int = 7) -> dict[str, str]:
    """Company id → text, trades in turn."""
    rng = random.Random(seed)
    out = {}
    for i in range(count):
        trade = list(TRADES)[i % len(TRADES)]
        a, b, c = rng.sample(TRADES[trade], 3)
        out[f"c{i:04d}"] = "，".join([rng.choice(MAKES).format(a=a, b=b, c=c), *rng.sample(TALK, 3)]) + "。"
    return out


def trade_of(company_id: str) -> str:
    """The trade of a company made by ``companies``."""
    return list(TRADES)[int(company_id[1:]) % len(TRADES)]


def park(slug: str, name: str, text: str, *links: str) -> Park:
    """A park with one industry."""
    return Park(slug=slug, name=slug, province=None, city=None,
                industries=(Industry(name=name, text=text, chain_links=tuple(ChainLink(name=link) for link in links)),))


ROBOTS = park("robots", "智能机器人", "引进焊接、搬运机器人整机和减速器、伺服电机制造企业。", "减速器", "伺服电机", "焊接机器人")
BATTERY = park("battery", "动力电池", "发展锂电池正极、负极、隔膜、电解液和电池包。", "正极材料", "隔膜", "电池包")
