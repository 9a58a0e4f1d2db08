"""How it is found: the search contract and its engines."""
