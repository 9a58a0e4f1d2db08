"""Words that all rooms share: values, keys, text, amounts, places, dates, names, configuration."""

__version__ = "0.1.0"
