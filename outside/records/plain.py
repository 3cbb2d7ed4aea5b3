"""The type of what lists and dicts inside a record hold: plain JSON."""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]
