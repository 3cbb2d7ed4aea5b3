"""Write docs/events.md from the catalogue of events: `python scripts/events_page.py`."""

import os
import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "events.md"

HEAD = """# Events

Every fact the product records, made from the catalogue in the code (`python scripts/events_page.py`). Names are
`subject.verb_in_the_past`; each event also carries its key, when it happened, when we learnt of it, and, where it
concerns them, the customer, the member and the corp.

| name | 中文 | English | meaning | fields |
|---|---|---|---|---|
"""


def page() -> str:
    from yutang.kernel.facts import CATALOGUE

    rows = []
    for name, event in sorted(CATALOGUE.items()):
        if name.startswith("test."):
            continue
        said = " ".join((event.__doc__ or "").split())
        meaning = "" if said.startswith(f"{event.__name__}(") else said.replace("|", "\\|")
        told = ", ".join(f"`{field.name}`" for field in fields(event))
        rows.append(f"| `{name}` | {event.label.zh} | {event.label.en} | {meaning} | {told} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yutang.settings")
    import django

    django.setup()
    PAGE.write_text(page())
