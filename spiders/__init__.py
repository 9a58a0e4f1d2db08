"""source → Page: one Scrapy spider, the families it asks, the catalogue of real sources, manners."""
