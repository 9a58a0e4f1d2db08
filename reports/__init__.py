"""Prospects → table (xlsx, csv, html) and digest mail."""
