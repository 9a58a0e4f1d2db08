"""Which company it is, which story, which investment."""
