"""One page to one article with its signals; nothing is joined here."""
