"""A complete small instance with invented companies, and its sites on loopback."""
