"""Plain classes that know how a platform lists and marks its articles; no Scrapy in them."""
