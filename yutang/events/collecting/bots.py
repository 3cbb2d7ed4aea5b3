"""Visits by programs, known by how they call themselves: few, dated patterns. They are marked, not refused."""

import re
from functools import lru_cache

# As of 2026-11. Search engines, link previews, monitors, headless browsers and HTTP libraries; each calls itself so in
# its own documentation. WeChat's own browser says MicroMessenger and is a person.
_SELF_NAMED = (
    r"bot\b|bot/|spider|crawl|slurp|mediapartners|facebookexternalhit|whatsapp/|embedly|quora link preview|pingdom"
    r"|uptime|lighthouse|gtmetrix|headlesschrome|phantomjs|puppeteer|playwright|selenium|python-requests|python-urllib"
    r"|aiohttp|httpx/|go-http-client|okhttp-test|curl/|wget/|libwww|scrapy|java/1|node-fetch|axios/"
    r"|bytespider|baiduspider|360spider|sogou|yisou|petalbot|toutiaospider|yandex(?!search)"
)
_BOT = re.compile(_SELF_NAMED, re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_bot(user_agent: str) -> bool:
    return _BOT.search(user_agent[:512]) is not None
