"""Words and marks by which pages show what is not their article."""

from __future__ import annotations

import re

# Class or id words of elements that stand around an article. Whole words or unmistakable parts only: "content-comment" must not cost a body.
JUNK_MARK = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navs|menu|submenu|footer|foot|bottom-?nav|copyright|breadcrumbs?|crumbs?|sidebar|side-?bar|aside|related|relate|relation|recommend(?:ed|s)?|hot-?(?:news|list|rank)?|rank(?:ing)?|"
    r"comments?|cmt|reply|share|sharebox|sharedaddy|sharing|share-?buttons?|share-?links?|social-?\w*|bdshare\w*|bdsharebuttonbox|social|toolbar|tools|tool-?box|qr-?code|ewm|erweima|login|register|search|pager|pagination|page-?nav|prev-?next|prenext|ad|ads|advert\w*|"
    r"banner|popup|modal|dialog|hidden-?print|newsletter(?:-\w+)?|signup|sign-up|embedded|el__article|read-?next|up-?next|outbrain\w*|taboola\w*|teads\w*|subscribe|promo|sponsor|tags?|tag-?list|keywords|friend-?links?|links|disclaimer|statement|editor-?name|jiucuo|correct|dianzan|feedback|"
    r"app-?down\w*|download-?app|cookie-?\w*|gdpr|author-?(?:bio|box|card)|byline-?box|see-?also|more-?news|read-?more|top-?bar|header-?top|weather)(?=$|[\s_-]|\d)",
    re.I,
)
# "comment" alone may be the column of an opinion piece; these are certainly readers.
TALK_MARK = re.compile(r"(?:^|[\s_-])(?:comments|comment-?(?:list|area|box|section|wrap(?:per)?|thread)|commentlist|disqus\w*|discussion|replies|respond|cmt|pinglun|liuyan)(?=$|[\s_-])", re.I)
JUNK_TAGS = frozenset({"nav", "footer", "aside", "menu", "form", "dialog"})

# Traditional characters of labels, one to one, so that offsets hold: 發佈時間 is 发布时间.
_SIMPLE = str.maketrans("發佈時間來瀏覽點擊閱讀關鍵詞編輯責記體號標題單機構導載轉報網絡錄開稱當頁會據後條評論鏈聲檢權舉違業發", "发布时间来浏览点击阅读关键词编辑责记体号标题单机构导载转报网络录开称当页会据后条评论链声检权举违业发")


def plain(text: str) -> str:
    """The text with the traditional characters of labels made simplified; as long as before."""
    return text.translate(_SIMPLE)


# Lines that end or surround an article whatever element they stand in.
FOOTER_LINE = re.compile(
    r"版权所有|Copyright|©|ICP备|ICP证|公网安备|网站标识码|备案号|主办单位[:：]|承办单位[:：]|技术支持|All Rights Reserved|网站地图|建议使用.{0,20}浏览器|违法和不良信息|举报电话|许可证编?号|经营许可证|广播电视节目制作",
    re.I,
)
# From here on nothing is article any more: the line itself and all that follows are cut.
TAIL_START = re.compile(
    r"^[\s\[【(（◆■▲●★☆☞>»·*#|—-]{0,6}(?:"
    r"相关(?:阅读|新闻|链接|报道|推荐|文章|稿件|附件下载|信息|专题|资讯|热词搜索|内容)|延伸阅读|推荐阅读|热点推荐|猜你喜欢|为您推荐|为你推荐|更多精彩|精彩推荐|热门推荐|热门文章|最新文章|编辑推荐|今日热点|大家都在看|"
    r"上一[篇条页][:：]?|下一[篇条页][:：]?|阅读下一篇|阅读上一篇|(?:网友|发表|最新|全部|热门|我要)评论|文明上网|我来说两句|"
    r"版权声明|免责声明|特别声明|平台声明|郑重声明|声明[:：]|凡本网|(?:本文|以上)(?:内容)?(?:仅代表|不代表|为).{0,12}(?:观点|立场)|"
    r"扫一扫|扫描二维码|长按(?:识别)?二维码|分享(?:到|至)|分享[:：]|打印本[页文稿]|关闭(?:窗口|本页|页面)|返回(?:顶部|首页|列表|搜狐)|举报/反馈|"
    r"(?:Related|Recommended|More) (?:articles|stories|news|posts|coverage|from|reading)|Read (?:more|next)\b|Share this|Follow us|Sign up (?:for|to)|Subscribe (?:to|now)|Leave a (?:comment|reply)|You may also like|Most (?:read|popular)|Comments?$"
    r")",
    re.I,
)
# What a page says about itself where there is no text: players, log-ins, readers of files.
NOTICE_LINE = re.compile(
    r"^[\s【\[]{0,3}(?:温馨提示|友情提示)|您的浏览器|浏览器(?:版本过低|不支持)|升级.{0,6}浏览器|(?:如果?|若).{0,6}无法(?:打开|下载|播放|查看)|登录后(?:可以|才能|可)?.{0,4}(?:查看|阅读|评论)|请先登录|立即注册|正在加载|加载中|"
    r"(?:本网站?|本站|以上|网站).{0,24}(?:版权归|转载自|来自网络|来源于网络)|未经.{0,8}(?:许可|授权|允许).{0,16}(?:不得|禁止|严禁)|如(?:有|涉及|存在)?侵权|侵(?:犯|权).{0,14}(?:联系|删除)|仅供(?:参考|学习)"
)
# A platform's declaration may be longer than the news before it.
DECLARATION = re.compile(r"^[\s【\[*（(]{0,3}(?:特别声明|平台声明|免责声明|版权声明|郑重声明|风险提示及免责|Disclaimer|Statement|Special statement|Notice: The content above)\s{0,3}[】\]）)]?\s?[:：]", re.I)
# The editor's name stands at the end of an article.
EDITOR_LINE = re.compile(r"^[\s【\[(（]{0,3}(?:责任编辑|网络编辑|责编|文章编辑|编辑)\s{0,4}[:：]")
# A line of the page's tools or imprint: dropped where it stands, what follows may still be text.
DROP_LINE = re.compile(
    r"^[\s\[【(（《<·|>»—-]{0,4}(?:"
    r"(?:责任|执行|值班|网络|本文|本期|实习|轮值)?(?:编辑|责编|主编|编审|美编|审核|校对|审校|监制|终审|初审|复审|编校|编发|值班主任|值班编委)\s{0,4}[:：|丨/／]|"
    r"(?:责任编辑|责编|编辑)\s?[)）】\]]?$|"
    r"【?(?:打印|关闭|纠错|收藏|内容纠错|我要纠错|字体|字号|大\s?中\s?小|返回|推荐|分享|转发|点赞|顶部)】?(?:[\s|·:：【】\[\]/-]{0,6}(?:打印|关闭|纠错|收藏|大|中|小|文章|本页|窗口|稿件|返回|推荐|分享|转发|评论|此页|页面|到))*\s*】?$|"
    r"(?:浏览|点击|阅读|访问)(?:次数|量|数)?\s{0,4}[:：]\s{0,4}\d{0,9}\s{0,4}次?\s{0,3}$|(?:阅读|评论|收藏|转载|点赞|浏览)\s?[(（]\d{0,9}[)）](?:[\s|]{0,4}(?:阅读|评论|收藏|转载|点赞|分享|举报|[(（]\d{0,9}[)）])){0,8}$|"
    r"(?:点击|戳|长按|扫码).{0,12}(?:关注|下载|二维码|客户端|阅读原文|进入专题)|(?:关注|下载|打开).{0,14}(?:公众号|客户端|APP|app)\s*$|"
    r"关键[词字]\s{0,3}(?:[:：]|>>)|.{0,6}报料[:：热]|[(（]?原标题[:：丨|]|视频[-：:]|(?:\[?\d{1,2}\]?[\s|]{0,3}){2,30}(?:下一页)?$|(?:相关)?附件[:：]?$|更多(?:精彩|热辣|详情|内容).{0,20}>>|图集$|[—–-]{1,4}\s?(?:THE\s)?END\s?[—–-]{0,4}$|点击(?:进入|查看|观看).{0,14}$|"
    r"(?:微信|QQ空间|新浪微博|微博|朋友圈|复制链接|豆瓣网|人人网|Facebook|Twitter|Email|Print|Share|LinkedIn|(?:SKIP )?ADVERTISEMENT|Advertisement|Continue reading.{0,40}|Story continues.{0,40})(?:[\s|]{1,4}(?:微信|QQ空间|QQ|新浪微博|微博|朋友圈|豆瓣|人人网|更多))*$|"
    r"(?:当前)?位置\s?[:：]|您(?:现在|当前)?(?:所在)?的?位置|扫一扫|用微信.{0,4}扫一扫|分享到?\s?[:：]?$|分享让更多人看到|"
    r"(?:本文)?来源[:：]\s?[^\s，。]{2,20}\s{1,8}(?:责任)?编辑[:：].{0,20}$"
    r")"
)
# A head line between title and text: date, origin, hits, font size.
INFO_LINE = re.compile(
    r"发布时间|发布日期|发表时间|发布于|更新时间|来源\s?[:：]|信息来源|文章来源|稿件来源|浏览次数|点击数|阅读[:：]|浏览[:：]|访问量|字体[:：]|字号[:：]|【?字体|作者[:：]|发布机构|发布单位|索引号|索取号|主题分类|文号[:：]|信息分类|日期[:：]|时间[:：]|分享|打印"
)

# What hangs at the end of a last paragraph without a border of its own.
TRAILING = re.compile(
    r"\s{0,3}(?:返回搜狐，查看更多|[\[【(（]?\s?(?:责任编辑|责编|编辑)\s?[:：][^，。；]{1,20}[\]】)）]?|阅读原文|查看更多|展开全文|\[详细\]|[\[【]打印[\]】]|[\[【]关闭[\]】]|[\[【]纠错[\]】]|-{2,}\s?END\s?-{0,4})\s{0,3}$"
)
# The index table of government documents, before the text: 索引号, 发文机关, 成文日期 … with their values.
INDEX_LABEL = re.compile(
    r"^(?:索\s{0,3}[引取]\s{0,3}号|信息(?:索引号|分类|类别|名称)|主题(?:分类|词)|分\s{0,3}类|发\s?文\s?机\s?关|发布(?:机构|单位|日期|时间|文号)|发文(?:字号|日期|单位|时间)|成文日期|生成日期|公开(?:日期|方式|时限|范围|形式|责任部门)|文\s{0,4}号|文件编号|标\s{0,4}题|"
    r"名\s{0,4}称|有\s?效\s?性|效力状态|关\s?键\s?词|体裁分类|组配分类|服务对象|公文种类|废止日期|失效日期|统一(?:登记号|编号)|登\s?记\s?号|来\s{0,3}源|内容概述|语\s{0,3}种|载体类型|记录形式|时\s{0,3}效|作\s{0,3}者|有效期|责任部门|信息来源)\s{0,3}(?:[:：]|\t|\s|$)"
)

# The same in English: by-line, date, reading time, tools.
ENGLISH_HEAD = re.compile(
    r"^(?:By\s+[A-Z][\w.'’ -]{2,60}(?:,.{0,60})?$|(?:First )?(?:Published|Posted|Updated|Last (?:updated|modified))\b.{0,80}$|\d{1,3}\s?min(?:ute)?s? read$|(?:Share|Print|Email|Save|Tweet|Comments?(?:\s?\(?\d{1,6}\)?)?|\d{1,6} comments?|Listen(?: to this article)?|Image (?:credit|source|caption).{0,80}|(?:Photo|Image|Photograph) ?(?:by|:|credit).{0,80})$)"
)
