"""Two weeks of a shop: who scans which code when, who writes, who leaves. The same every time."""

import random
from collections.abc import Callable
from typing import Any

from demo import merchant
from demo.outside_world import OutsideWorld

_SAYINGS = [
    "车厘子今天还有吗？",
    "昨天的草莓特别甜，孩子爱吃",
    "有没有适合送礼的果篮？",
    "下单能送到家吗",
    "群里的拼团怎么参加",
    "牛油果帮我留两盒，晚上来拿",
]
_ANSWERS = ["有的，给您留一份～", "可以的，半小时内到", "好嘞，已经记下啦", "今天 18 点前都在店里，您随时来"]
_NOTES = ["爱吃车厘子", "孩子辅食", "有机蔬菜", "送礼", "健身轻食"]


class Life:
    """Plays days from 0 on. People who already know a member are left as they are, so a day can be played again."""

    def __init__(self, outside: OutsideWorld, wait_for_jobs: Callable[[], None]) -> None:
        from yutang.acquisition.models import LiveCode
        from yutang.customers.models import Tag

        self._outside, self._wait_for_jobs = outside, wait_for_jobs
        self._codes = list(LiveCode.objects.filter(corp__wecom_corpid=merchant.CORPID).order_by("pk"))
        known = Tag.objects.filter(group__corp__wecom_corpid=merchant.CORPID, name__in=_NOTES)
        self._tags = list(known.order_by("pk").values_list("wecom_id", flat=True))

    def live(self, day: int) -> None:
        chance = random.Random(day)  # noqa: S311
        people = merchant.people()
        arrivals = [person for person in people[day * 4 : day * 4 + 4] if person["id"] not in merchant.STRANGERS]
        met = [(person, self._scan(person, chance)) for person in arrivals]
        # Nobody writes before the greeting is there: WeCom drops a welcome once the chat has begun.
        self._outside.settle()
        self._wait_for_jobs()
        for person, meeting in met:
            if meeting["outcome"] == "friends":
                self._chat(person, meeting["userid"], chance)

    def _scan(self, person: dict[str, Any], chance: random.Random) -> Any:
        code = chance.choice(self._codes)
        code.refresh_from_db()
        return self._outside.act("scan", person=person["id"], url=code.qr_code_url)

    def _chat(self, person: dict[str, Any], userid: str, chance: random.Random) -> None:
        pair = {"corpid": merchant.CORPID, "userid": userid, "person": person["id"]}
        fate = chance.random()
        if fate < 0.45:
            self._outside.act("customer_says", **pair, text=chance.choice(_SAYINGS))
            self._outside.act("member_says", **pair, text=chance.choice(_ANSWERS))
        if 0.15 < fate < 0.60:
            self._note(pair, person, chance)
        if fate > 0.93:
            self._outside.act("delete_member", **pair)

    def _note(self, pair: dict[str, Any], person: dict[str, Any], chance: random.Random) -> None:
        """The member writes down what the chat told: a preference, and the phone, which may be known from orders."""
        (relation,) = self._outside.get(
            "/relations", corpid=merchant.CORPID, person=person["id"], userid=pair["userid"]
        )
        tags = [*relation["tags"], chance.choice(self._tags)]
        self._outside.act("edit", **pair, tags=tags, mobiles=[person["phone"]])
