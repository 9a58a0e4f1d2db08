"""Scrapy's settings: constants and dotted names only. What an instance decides (contact, caps) comes from its files."""

from qingbao.crawling import PRODUCT

BOT_NAME = PRODUCT
SPIDER_MODULES = ["spiders.catalogue_spider"]
NEWSPIDER_MODULE = "spiders"

# Obeyed by our own middleware, which Scrapy's would only get in the way of (see spiders/manners/robots.py).
ROBOTSTXT_OBEY = False
ROBOTSTXT_USER_AGENT = PRODUCT
# The lanes hold one request a host; this keeps one idle connection a host in the pool as well.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0
# Every source has one request under way, and waits for it: there is nothing to hold back.
CONCURRENT_REQUESTS = 0
CONCURRENT_ITEMS = 1

DOWNLOADER_MIDDLEWARES = {
    "spiders.manners.addresses.AddressMiddleware": 10,
    "spiders.manners.robots.RobotsMiddleware": 100,
    "spiders.manners.lanes.LaneMiddleware": 950,
    # Redirects, second tries and refusals are decided in spiders/asking.py, where their outcome is known.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
}
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
# Proxies of the environment would change who asks.
HTTPPROXY_ENABLED = False

ITEM_PIPELINES = {
    "pipelines.items.ArchivePipeline": 100,
    "pipelines.items.KeepPipeline": 200,
}

# Scrapy 2.19 verifies no certificate and opens two ports unless told otherwise.
DOWNLOAD_VERIFY_CERTIFICATES = True
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

TWISTED_DNS_RESOLVER = "spiders.manners.addresses.PublicResolver"
DNS_TIMEOUT = 20
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

LOG_LEVEL = "INFO"
# The crawl tells its progress itself; a line for every item would repeat it.
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
