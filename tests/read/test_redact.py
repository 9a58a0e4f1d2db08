"""Personal data goes, figures and officials stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.read.redact import MASK, is_identity_number, redact
from tests.read.pages import html, read

# An identity number of nobody: made-up region and serial with a right check digit.
IDENTITY = "51999919490101001" + "X"
GONE = [
    ("联系电话：0826-2345678", "联系电话：***"),
    ("联系电话：0826－2345678转801", "联系电话：***"),
    ("电话 (0826)2345678", "电话 ***"),
    ("咨询电话：62181513、23117877", "咨询电话：***"),
    ("手机：139 1234 5678", "手机：***"),
    ("请拨打13912345678报名", "请拨打***报名"),
    ("请拨打+86 139-1234-5678报名", "请拨打***报名"),
    ("青禾区招商局 0826-2345678", "青禾区招商局 ***"),
    ("服务热线 400-123-4567", "服务热线 ***"),
    ("邮箱：zhaoshang@qinghe.example.cn", "邮箱：***"),
    ("材料发至lin_xiao88@mail.example。", "材料发至***。"),
    ("身份证号码：5119991990****0011", "身份证号码：***"),
    ("微信号：qinghe_2026", "微信号：***"),
    ("QQ：123456789", "QQ：***"),
    ("联系人：林晓", "联系人：***"),
    ("联系人：林晓、周岚　电话：13912345678", "联系人：***　电话：***"),
    ("联 系 人：林女士", "联 系 人：***"),
    ("联系人：古丽娜尔·买买提", "联系人：***"),
    ("申请人：周岚", "申请人：***"),
    ("经办人（签字）：周岚", "经办人（签字）：***"),
    ("项目联系人：林工，13912345678", "项目联系人：***，***"),
    ("户主：周岚 家庭住址：青禾区幸福里3栋2单元501室", "户主：*** 家庭住址：***"),
    ("住址：云岭市青禾区柳树村4组", "住址：***"),
    ("通讯地址：青禾区柳树小区12栋", "通讯地址：***"),
]
KEPT = [
    "计划总投资13800000000元", "年产值约1390000万元", "云经信函〔2026〕46号", "股票代码：600519、000858", "统一社会信用代码：91519900MA62PJXK9F", "项目代码：2209-519902-04-01-654321",
    "申请人：云岭岚石传动有限公司", "法定代表人：周岚", "区委书记周岚出席仪式", "建设单位：云岭岚石传动有限公司 地址：青禾区工业大道8号", "联系地址：云岭市政府大楼", "2026-09-15至2026-10-15", "占地2345678平方米",
    "电话会议3月19日召开", "联系人制度逐步完善", "经度106.6345678", "订单号88001234567890", "投资3.2亿元，用地120亩，年产8万台", "GB/T 19001-2016", "第13912345678号公告", "记者 林晓", "主任：林晓",
]


@pytest.mark.parametrize(("text", "wanted"), GONE)
def test_gone(text: str, wanted: str) -> None:
    assert redact(text) == wanted


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert redact(text) == text


def test_identity_numbers_by_their_check_digit() -> None:
    right = next(IDENTITY[:17] + c for c in "0123456789X" if is_identity_number(IDENTITY[:17] + c))
    assert redact(f"证号{right}。") == f"证号{MASK}。"
    wrong = right[:17] + ("1" if right[17] != "1" else "2")
    assert redact(f"序列号{wrong}。") == f"序列号{wrong}。"


def test_cells_under_a_personal_header() -> None:
    table = "序号\t姓名\t身份证号\t住址\t补贴金额\n1\t林晓\t5199*********012\t柳树村4组\t3000\n2\t周岚\t5199*********013\t柳树村5组\t4500"
    assert redact(table) == "序号\t姓名\t身份证号\t住址\t补贴金额\n1\t***\t***\t***\t3000\n2\t***\t***\t***\t4500"


def test_cells_right_of_a_personal_label() -> None:
    assert redact("建设单位\t岚石传动有限公司\t联系人\t林晓\t联系电话\t13912345678") == "建设单位\t岚石传动有限公司\t联系人\t***\t联系电话\t***"


def test_officials_keep_their_names_in_tables() -> None:
    table = "姓名\t职务\n林晓\t青禾区副区长\n周岚\t经开区管委会主任"
    assert redact(table) == table


def test_firms_below_a_header_for_applicants_stay() -> None:
    assert redact("申请人\t项目\n岚石传动有限公司\t减速器扩产\n林晓\t自建房") == "申请人\t项目\n岚石传动有限公司\t减速器扩产\n***\t自建房"


def test_pages_are_redacted_before_they_leave() -> None:
    got = read(html("<h1>环评受理公示</h1><div>2026-03-19</div><div id='zoom'><p>云岭岚石传动有限公司减速器扩产项目环境影响报告表已受理，现予公示。</p><p>联系人：林晓　电话：0826-2345678</p></div>"))
    assert "林晓" not in got.text
    assert "2345678" not in got.text
    assert "岚石传动有限公司" in got.text


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.sampled_from(["，", "。", " ", "；", "、", "）", "\n"]), st.sampled_from(["", "电话", "报名：", "（", "\t"]))
def test_every_mobile_number_goes(number: str, after: str, before: str) -> None:
    assert number not in redact(f"请联系{before}{number}{after}谢谢")


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once) == once
