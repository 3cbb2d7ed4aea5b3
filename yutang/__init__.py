"""Yutang 鱼塘: an open, self-hosted private-domain operating system for merchants."""

__version__ = "0.1.0"
