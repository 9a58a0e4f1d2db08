"""Page → Article, Signals → Company, Investment."""
