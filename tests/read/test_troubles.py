"""Kinds of trouble that real pages make, each with an invented page of its own."""

from __future__ import annotations

import pytest

from pipelines.read.doors import Door
from tests.read.pages import FOOT, NAV, P1, P2, P3, html, moment, paragraphs, read

T = "云岭经开区十二个项目集中签约"
BODY = f'<div class="con">{paragraphs()}</div>'


def around(head: str, body: str = BODY) -> str:
    return NAV + head + body + FOOT


TITLES = [
    # (title tag, markup before the body, wanted title)
    (f"{T}_云岭市人民政府", f"<h1>{T}</h1>", T),
    (f"{T}-云岭日报数字版", f'<div class="xl_tit">{T}</div>', T),
    ("5-8月云岭工业投资增长9%_统计公报_云岭市统计局", '<div class="tt">5-8月云岭工业投资增长9%</div>', "5-8月云岭工业投资增长9%"),
    ("乡村+文旅|青禾茶厂开放参观：新茶上市-青禾新闻网", "<h1>乡村+文旅|青禾茶厂开放参观：新茶上市</h1>", "乡村+文旅|青禾茶厂开放参观：新茶上市"),
    ("V2X-Chip芯片项目落户云岭 - 云岭科技网", "<h2>V2X-Chip芯片项目落户云岭</h2>", "V2X-Chip芯片项目落户云岭"),
    ("云岭市人民政府门户网站", f"<h1>{T}</h1>", T),
    ("云岭市人民政府门户网站", f'<table><tr><td align="center"><b>{T}</b></td></tr><tr><td>发布日期：2026-03-19</td></tr></table>', T),
    ("", f"<h1>{T}</h1>", T),
    (f"{T} 园区动态 云岭市政府网", f'<div class="ar_h">{T}</div>', T),
    (f"{T}&lt;br/&gt;岚石传动等企业落户-云岭网", f"<h1>{T}<br/>岚石传动等企业落户</h1>", f"{T} 岚石传动等企业落户"),
    (f"首页 &gt; 新闻 &gt; {T}", f"<h1>{T}</h1>", T),
    (f"云岭市经济和信息化局 {T}", f'<p class="biaoti">{T}</p>', T),
    (f"{T[:10]}…_云岭新闻", f"<h1>{T}</h1>", T),
    (f"{T}--青禾频道--云岭网", f"<td>{T}</td>", T),
    (T, f'<h1 class="logo"><a href="/">云岭新闻网</a></h1><div class="title">{T}</div>', T),
    ("“岚石”扩产｜减速器新线投用 - 云岭工业报", "<h1>“岚石”扩产｜减速器新线投用</h1>", "“岚石”扩产｜减速器新线投用"),
    (f"{T}|投资|园区_云岭新闻_云岭网", f"<h1>{T}</h1>", T),
    (f"云岭要闻|{T}", f"<h1>{T}</h1>", T),
]


@pytest.mark.parametrize(("tag", "head", "wanted"), TITLES)
def test_title(tag: str, head: str, wanted: str) -> None:
    got = read(html(around(head), title=tag))
    assert got.title == wanted
    assert got.door is Door.READ


def test_title_meta_wins_over_column_name() -> None:
    head = f'<meta name="SiteName" content="云岭市人民政府"><meta name="ColumnName" content="园区动态"><meta content="{T}" name="ArticleTitle">'
    assert read(html(around("<h1>园区动态</h1>"), title="园区动态_云岭市人民政府", head=head)).title == T


def test_title_meta_with_the_sites_name_is_no_title() -> None:
    head = '<meta name="SiteName" content="云岭市人民政府"><meta name="ArticleTitle" content="云岭市人民政府">'
    assert read(html(around(f"<h1>{T}</h1>"), title=f"{T}_云岭市人民政府", head=head)).title == T


H = f"<h1>{T}</h1>"
DATES = [
    # (head of the page, markup between navigation and body, address, wanted moment)
    ("", H + '<div class="info">发布时间：2026-03-19 09:12　来源：云岭日报</div>', "", "2026-03-19 09:12"),
    ("", H + "<p>2026年3月19日 下午3:05</p>", "", "2026-03-19 15:05"),
    ("", H + "<div>日期：2026/3/19</div>", "", "2026-03-19"),
    ("", H + "<div><span>发布日期:</span><span>2026-\n03-\n19</span></div>", "", "2026-03-19"),
    ("", '<div class="top">今天是2026年7月2日 星期四</div>' + H + "<div>2026-03-19</div>", "", "2026-03-19"),
    ("", '<div class="side"><h3>最新</h3><ul><li><a href="/1">全市招商大会召开动员</a><span>2026-06-30</span></li><li><a href="/2">惠企政策发布实施</a><span>2026-06-29</span></li></ul></div>' + H + "<div>时间：2026-03-19 10:05</div>", "", "2026-03-19 10:05"),
    ('<meta name="PubDate" content="2026-05-01 10:00">', H + "<div>发布时间：2026-03-19 08:30</div>", "", "2026-03-19 08:30"),
    ('<meta name="PubDate" content="2026-03-19 08:30">', H, "", "2026-03-19 08:30"),
    ('<meta name="PubDate" content="2026-03-19 08:30:00">', H + "<div>2026-03-19</div>", "", "2026-03-19 08:30"),
    ('<meta name="PubDate" content="2026-03-19 00:00">', H, "", "2026-03-19"),
    ("", H, "http://www.yunling.example/zw/202603/t20260319_7788.html", "2026-03-19"),
    ("", H, "http://www.yunling.example/art/2026/3/9/art_12_7788.html", "2026-03-09"),
    ("", H + "<div>更新时间：2026-04-02 11:00</div><div>发布时间：2026-03-19 08:30</div>", "", "2026-03-19 08:30"),
    ("", H + "<div>成文日期：2026-02-01　发布日期：2026-03-19</div>", "", "2026-03-19"),
    ("", "<table><tr><td>成文日期：</td><td>2026-02-01</td></tr><tr><td>发布日期：</td><td>2026-03-19</td></tr></table>" + H, "", "2026-03-19"),
    ("", H + "<dl><dt>报名截止时间：</dt><dd>2026-05-30</dd></dl>", "", None),
    ('<meta name="lastmodified" content="2026-07-02 07:00:00">', H + "<div>2026-03-19　青禾融媒</div>", "", "2026-03-19"),
    ("", "", "", None),
    ("<script>var publishTime = '2026-03-19 08:30:00';</script>", H, "", "2026-03-19 08:30"),
    ('<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-03-19T00:30:00Z"}</script>', H, "", "2026-03-19 08:30"),
    ("", H + "<div>2026-03-19 23:59:59</div>", "", "2026-03-19 23:59"),
    ("", H + "<div>发布时间：2026-13-45 25:61</div>", "", None),
    ("", H + "<div>二〇二六年三月十九日</div>", "", "2026-03-19"),
    ("", H + "<div>[ 2026-03-19 ] 阅读：231</div>", "", "2026-03-19"),
    ("", H + "<div>云岭日报　　2026.03.19　　第03版</div>", "", "2026-03-19"),
    ("", H + "<div>编辑：林晓 时间：2026-03-19 点击数：18</div>", "", "2026-03-19"),
]


@pytest.mark.parametrize(("head", "info", "url", "wanted"), DATES)
def test_date(head: str, info: str, url: str, wanted: str | None) -> None:
    got = read(html(around(info), title=f"{T}_云岭网", head=head), **({"url": url} if url else {}))
    assert moment(got) == wanted


def test_date_of_copyright_filing_and_telephone_is_none() -> None:
    foot = "<div>服务热线：0830-20210118</div><div class='foot'>Copyright © 2009-2026 岚石传动 版权所有 蜀ICP备2021009999号</div>"
    assert read(html(H + BODY + foot, title=f"{T} - 岚石传动")).published_at is None


def test_date_below_the_text() -> None:
    assert moment(read(html(around(H, BODY + "<div>发布时间：2026-03-19 17:20</div>")))) == "2026-03-19 17:20"


def test_the_day_of_a_reprints_source_is_not_the_pages_own() -> None:
    body = f"<div class='detail'><p>{T}</p><p>来源：云岭日报 2026-3-18 林晓</p>{paragraphs()}</div><div class='w'>[更新：2026-03-19 13:19:54]</div><div class='w'>[阅读：人次]</div>"
    assert moment(read(html(around("", body), title=f"{T} - 云岭大学新闻网"))) == "2026-03-19 13:19"


def test_date_of_the_list_row_where_the_page_has_none() -> None:
    assert moment(read(html(around(H), title=T), list_date="[2026-03-19]")) == "2026-03-19"


ORIGINS = [
    ("发布时间：2026-03-19　来源：云岭市经济和信息化局　浏览次数：10", "云岭市经济和信息化局"),
    ("信息来源： 青禾区融媒体中心　　　日期：2026-03-19　　字体：[<a>大</a> <a>中</a> <a>小</a>]", "青禾区融媒体中心"),
    ("2026-03-19 10:20　来源：云岭日报　作者：林晓　责任编辑：周岚", "云岭日报"),
    ("来源:云岭日报 2026-03-19 10:20", "云岭日报"),
    ("2026-03-19 10:20 云岭晚报", "云岭晚报"),
    ("<span>2026-03-19</span><span>来 源：</span><span>市发改委</span>", "市发改委"),
    ("稿源：新禾网 | 编辑：周岚 | 2026-03-19", "新禾网"),
    ("发布机构：云岭经济技术开发区管理委员会　发布日期：2026-03-19", "云岭经济技术开发区管理委员会"),
    ("（来源：青禾发布）2026-03-19", "青禾发布"),
]


@pytest.mark.parametrize(("info", "wanted"), ORIGINS)
def test_origin(info: str, wanted: str) -> None:
    assert read(html(around(f'{H}<div class="xx">{info}</div>'))).origin == wanted


def test_origin_from_the_meta() -> None:
    assert read(html(around(H + "<div>2026-03-19</div>"), head='<meta name="ContentSource" content="云岭市商务局">')).origin == "云岭市商务局"


def test_no_origin_is_invented() -> None:
    assert read(html(around(H + "<div>2026-03-19 10:20　字体：大 中 小　打印　分享</div>"))).origin is None


BARE = P1 + "<br><br>" + P2 + "<br/>\n<br/>" + P3
BODIES = [
    ("br", f'<div class="zw-con">{BARE}</div>'),
    ("nested", "".join(f"<div><div><div class='u'><div><span style='font-size:12pt'>{p}</span></div></div></div></div>" for p in (P1, P2, P3))),
    ("layout table", f"<table width='900'><tr><td width='180'><a href='/'>首页</a><br><a href='/l'>快讯</a></td><td><table><tr><td>{paragraphs()}</td></tr></table></td></tr></table>"),
    ("unclosed", f"<div><p>{P1}<p>{P2}<p>{P3}</div>"),
    ("two containers", f"<div class='txt'>{paragraphs(P1, P2)}</div><div class='ad'><a href='/ad'>广告位招租</a></div><div class='txt'>{paragraphs(P3)}</div>"),
    ("bold parts", "<div>" + paragraphs(P1.replace("46亿元", "<b>46亿元</b>"), P2.replace("8万台", "<b>8</b><b>万台</b>"), P3) + "</div>"),
    ("known id", f"<div id='zoom'>{paragraphs()}</div>"),
    ("article tag", f"<article>{paragraphs()}</article>"),
    ("list items", f"<ul><li>{P1}</li><li>{P2}</li><li>{P3}</li></ul>"),
]


@pytest.mark.parametrize(("name", "body"), BODIES)
def test_body(name: str, body: str) -> None:
    got = read(html(around(H + "<div>2026-03-19</div>", body)))
    flat = "".join(got.text.split())
    for text in (P1, P2, P3):
        assert "".join(text.split()) in flat
    for foreign in ("网站标识码", "政务公开", "广告位", "2026-03-19", "快讯"):
        assert foreign not in flat


LACKING = [
    ("declaration", "<div class='statement'><p>特别声明：以上内容由平台用户自行上传并发布，本平台只提供信息存储服务，不代表本平台的观点和立场，如有侵权请联系我们处理，平台将在核实之后删除相关内容并告知上传者本人。</p><p>Statement: uploaded by a registered user of this platform, which merely stores information and does not share the views expressed therein.</p></div>", ["特别声明", "merely"]),
    ("hidden", "<p style='display:none'>加入内部群领取名额，稳赚不赔。</p><p style='DISPLAY : none;'>本站首发，转载联系授权。</p><span style='font-size:0'>caiji77</span>", ["稳赚", "首发", "caiji"]),
    ("tail", "<p>（责任编辑：周岚）</p><div>扫一扫在手机打开当前页</div><div>【打印本页】【关闭窗口】</div><div>分享到：</div>", ["周岚", "扫一扫", "打印", "分享"]),
    ("related", "<h3>相关阅读</h3><ul><li><a href='/1'>青禾区召开企业座谈会研究扩产</a></li><li><a href='/2'>云岭新增三家专精特新企业名单</a></li></ul>", ["座谈会", "专精特新"]),
    ("neighbours", "<p>上一篇：<a href='/1'>青禾区召开企业座谈会</a></p><p>下一篇：<a href='/2'>云岭新增三家企业</a></p>", ["座谈会", "新增三家"]),
    ("app", "<p>扫描二维码下载云岭新闻客户端，获取更多本地资讯</p>", ["客户端"]),
    ("comments", "<div class='comment-list'><div>网友甲：盼望早日开工，家门口就业真好，支持家乡建设。</div><div>网友乙：希望环保也要跟上，不要污染河水和空气。</div></div>", ["网友甲", "网友乙"]),
    ("pager", "<div>[1] [2] [3] 下一页</div>", ["[2]"]),
]


@pytest.mark.parametrize(("name", "extra", "lacking"), LACKING)
def test_what_is_no_article_is_cut(name: str, extra: str, lacking: list[str]) -> None:
    got = read(html(around(H + "<div>2026-03-19</div>", f"<div class='post'>{paragraphs()}{extra}</div>")))
    assert "明年投产" in got.text
    for foreign in lacking:
        assert foreign not in got.text


TALK = "".join(f"<div class='i{i}'><div>读者{i}</div><div>这条新闻说得有道理，第{i}个观点我也同意，希望有关部门重视起来，早日解决问题。</div><div>2026-05-{i:02} 10:12</div></div>" for i in range(1, 9))


def test_unmarked_talk_longer_than_a_short_article() -> None:
    got = read(html(NAV + f"<div class='w'>{H}<div>2026-03-19 09:00　来源：云岭日报</div><div class='c'>{paragraphs()}</div></div><div class='q'>{TALK}</div>" + FOOT, title=f"{T}_云岭网"))
    assert got.text.split("\n") == [text.strip("　") for text in (P1, P2, P3)]
    assert moment(got) == "2026-03-19 09:00"


def test_headline_beside_a_box_for_sharing() -> None:
    assert read(html(around(f"<div class='share-title'>{T}-云岭网</div><div class='h-title'>{T}</div><div>2026-03-19</div>"), title=f"{T}-云岭网")).title == T


def test_a_title_tag_that_names_the_site_alone() -> None:
    got = read(html("<h1>云岭市人民政府门户网站</h1>" + around(f"<h2>全省重点项目</h2><h1>{T}</h1><div>2026-03-19</div>"), title="云岭市人民政府门户网站 - www.yunling.example"))
    assert got.title == T


def test_an_editors_name_above_the_text_does_not_end_it() -> None:
    lead = "<p>摘要：云岭经开区集中签约十二个项目，总投资46亿元，涵盖精密传动、光电和绿色食品三条产业链，多数项目年内开工。</p><p>责任编辑：周岚　审核：陈禾</p>"
    got = read(html(around(H + "<div>2026-03-19</div>", f"<div class='c'>{lead}{paragraphs(P1, P2, P3, P1 + '第二批', P2 + '第二批', P3 + '第二批', P1 + '第三批', P2 + '第三批', P3 + '第三批', P1 + '第四批', P2 + '第四批')}</div>")))
    assert "第四批" in got.text
    assert "周岚" not in got.text


def test_desktop_and_telephone_bodies_stand_once() -> None:
    got = read(html(around(H, f"<div class='pc'>{paragraphs()}</div><div class='wap'>{paragraphs()}</div>")))
    assert got.text.count("十二个工业项目") == 1
    assert got.text.count("明年投产") == 1


def test_cells_and_rows_are_kept_apart() -> None:
    table = "<table><tr><th>项目名称</th><th>建设单位</th><th>总投资</th></tr><tr><td>减速器扩产</td><td>岚石传动</td><td>3.2亿元</td></tr><tr><td>电驱总成</td><td>禾川电驱</td><td>5亿元</td></tr></table>"
    got = read(html(around(H, f"<div class='con'>{paragraphs(P1)}{table}</div>")))
    assert "减速器扩产\t岚石传动\t3.2亿元\n电驱总成\t禾川电驱\t5亿元" in got.text


def test_a_notice_that_is_only_a_table() -> None:
    rows = "".join(f"<tr><td>{i}</td><td>年产{i}万套轴承技改项目</td><td>云岭市青禾区工业大道{i}号</td><td>云岭轴承第{i}有限公司</td><td>2026-03-{i + 10}</td></tr>" for i in range(1, 8))
    got = read(html(around("<h1>云岭市环评文件受理公示</h1><div>发布日期：2026-03-19</div>", f"<table border=1><tr><td>序号</td><td>项目名称</td><td>地点</td><td>建设单位</td><td>受理日期</td></tr>{rows}</table>")))
    assert got.door is Door.READ
    assert "7\t年产7万套轴承技改项目\t云岭市青禾区工业大道7号\t云岭轴承第7有限公司\t2026-03-17" in got.text
    assert moment(got) == "2026-03-19"


def test_index_table_of_a_government_document_is_no_text() -> None:
    index = "<table><tr><td>索 引 号：</td><td>008877/2026-00031</td><td>分类：</td><td>工业;通知</td></tr><tr><td>发文机关：</td><td>云岭市人民政府</td><td>成文日期：</td><td>2026年03月10日</td></tr></table>"
    got = read(html(around("", f"<div id='zoom'>{index}<div class='t'>{T}</div>{paragraphs()}</div>"), title=T))
    assert "008877" not in got.text
    assert got.text.startswith("3月18日")


def test_empty_cells_keep_their_column() -> None:
    table = "<table><tr><td>企业</td><td>联系人</td><td>总投资</td></tr><tr><td>岚石传动</td><td></td><td>3.2亿元</td></tr><tr><td>禾川电驱</td><td>林晓</td><td>5亿元</td></tr></table>"
    assert "岚石传动\t\t3.2亿元\n禾川电驱\t***\t5亿元" in read(html(around(H, f"<div>{paragraphs()}{table}</div>"))).text


def test_index_rows_of_labels_above_values() -> None:
    index = "<table><tr><td>索取号</td><td>发布时间</td><td>发布机构</td><td>文件编号</td><td>备注</td></tr><tr><td>519900-2026-12</td><td></td><td>云岭市卫生健康委员会</td><td>云卫〔2026〕5号</td><td></td></tr></table>"
    got = read(html(around(H, f"<div class='Article_content'>{index}{paragraphs()}</div>"), title=T))
    assert "519900-2026" not in got.text


def test_a_table_inside_the_text_keeps_its_labels() -> None:
    table = "<table><tr><td>项目名称</td><td>减速器扩产</td></tr><tr><td>有效期</td><td>三年</td></tr></table>"
    assert "有效期\t三年" in read(html(around(H, f"<div>{paragraphs()}{table}</div>"))).text


DOORS = [
    ("list", "<h2>园区动态</h2><ul>" + "".join(f"<li><a href='/{i}'>云岭经开区第{i}个项目开工建设进展顺利</a><span>2026-03-{i:02}</span></li>" for i in range(1, 21)) + "</ul><div>下一页 尾页 共12页</div>", Door.LIST_PAGE),
    ("captcha", "<div>您的访问过于频繁，请输入验证码后继续访问</div><form><input name=c></form>", Door.BLOCK_PAGE),
    ("waiting", "<title>Just a moment...</title><p>Checking your browser before accessing</p>", Door.BLOCK_PAGE),
    ("cookie", "<script>document.cookie='k='+btoa(1);location.reload();</script>", Door.BLOCK_PAGE),
    ("waf", "<h1>403 Forbidden</h1><p>您的请求已被网站防火墙拦截</p>", Door.BLOCK_PAGE),
    ("gone", "<h3>您访问的页面不存在或已被删除</h3><a href='/'>返回首页</a>", Door.GONE),
    ("empty", "", Door.EMPTY),
    ("picture", f"{NAV}<h1>{T}</h1><div>2026-03-19</div><div id='zoom'><img src='a.jpg'></div>{FOOT}", Door.EMPTY),
    ("frame", "<iframe src='/real.html'></iframe>", Door.EMPTY),
    ("short", "<h1>通知</h1><div id='zoom'><p>略。</p></div>", Door.TOO_SHORT),
]


@pytest.mark.parametrize(("name", "body", "door"), DOORS)
def test_door(name: str, body: str, door: Door) -> None:
    got = read(html(body))
    assert got.door is door
    if door not in {Door.TOO_SHORT}:
        assert got.text == ""


FEED = "<div class='right'><h3>推荐</h3>" + "".join(
    f"<div><h4><a href='/{i}'>{title}</a></h4><p>{digest}</p></div>"
    for i, (title, digest) in enumerate([
        ("青禾区召开企业座谈会研究扩产", "会上，多家企业表示订单饱满，希望园区解决用工和厂房问题，区里当场答复。"), ("云岭新增三家专精特新企业", "三家企业都来自精密传动产业链，其中岚石传动排名第一，成长很快。"),
        ("柳川县轴承产业园扩建开工", "总投资四亿元的扩建工程昨天开工，预计明年底完工投用，产能翻番。"),
    ])
) + "</div>"
NOTICE = "<div class='bottom'><p>本网站所载内容版权归云岭市人民政府办公室所有，未经许可任何单位和个人不得转载、摘编或以其他方式使用。</p></div>"
EMPTY = [
    ("container", "<div id='zoom'></div>" + NOTICE), ("picture", "<div id='zoom'><img src=1.jpg></div>" + FEED + NOTICE), ("feed", "<div class='cc'><img src=1.jpg></div>" + FEED + NOTICE),
    ("player", "<div class='video'><video src=a.mp4></video></div><div>您的浏览器不支持播放，请升级浏览器后再试。</div>" + FEED), ("login", "<div class='cc'></div><div><p>登录后可以查看全文，还没有账号？立即注册成为会员，享受更多服务。</p></div>"),
    ("script", "<div id='app'>正在加载，请稍候……</div>"), ("declaration", "<div class='cont'></div><div><p>免责声明：本网站转载的文章、图片均来自网络，版权归原作者所有，如涉及侵权请联系删除，我们将及时处理。</p></div>"),
]


@pytest.mark.parametrize(("name", "body"), EMPTY)
def test_no_text_is_invented_for_an_empty_body(name: str, body: str) -> None:
    got = read(html(around(H + "<div>发布时间：2026-03-19　来源：云岭日报</div>", body), title=f"{T}_云岭网"))
    assert got.text == ""
    assert got.door is Door.EMPTY
    assert got.title == T
    assert moment(got) == "2026-03-19"


def test_an_article_about_captchas_is_read() -> None:
    text = "　　近日，云岭市网信办提醒，输入验证码时要注意核对网站。市民收到陌生短信时不要点击链接。"
    assert read(html(f"<h1>网信办提醒：验证码不要告诉他人</h1><div>2026-03-19</div><div>{paragraphs(text)}</div>")).door is Door.READ


def test_a_flash_about_a_firewall_is_read() -> None:
    flash = "　　3月18日，云岭澄盾科技有限公司新一代防火墙通过安全验证，计划在经开区建设总部。"
    assert read(html(f"<h1>澄盾科技防火墙通过安全验证</h1><div>2026-03-19 08:00</div><div>{paragraphs(flash)}</div>")).door is Door.READ


def test_a_title_that_the_meta_cuts_short() -> None:
    assert read(html(around(H), title=T, head=f'<meta name="ArticleTitle" content="{T[:9]}...">')).title == T


def test_text_in_a_script_is_found() -> None:
    script = '<script>window._CONFIG = {SID:\'1\', DETAIL: {"title":"' + T + '","content":"\\u003Cp\\u003E' + P1 + '\\u003C/p\\u003E\\u003Cp\\u003E' + P2 + '\\u003C/p\\u003E"}};</script>'
    got = read(html(NAV + FOOT + script, title="云岭市政府信息公开平台"))
    assert got.title == T
    assert "8万台" in got.text
    assert "\\u003" not in got.text


def test_text_in_a_text_area_is_found() -> None:
    body = f'<div class="conversation"><textarea class="article-title">{T}</textarea><textarea class="article-content">&lt;article&gt;&lt;p&gt;{P1}&lt;/p&gt;&lt;p&gt;{P2}&lt;/p&gt;&lt;/article&gt;</textarea><textarea class="article-time">1773882720000</textarea></div>'
    got = read(html(NAV + body + FOOT, title="云岭网"))
    assert got.title == T
    assert "8万台" in got.text
    assert moment(got) == "2026-03-19 09:12"
