"""How we behave towards the sites: downloader middlewares and the rules behind them."""
