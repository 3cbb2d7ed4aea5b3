"""Leaves over what we know of a person: each is a statement or two over customers, or a look at one history."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Literal

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from pydantic import Field, model_validator
from pyroaring import BitMap

from yutang.customers.models import Customer, Gender, Stage
from yutang.kernel.language import Text
from yutang.segments.history import History, Needs
from yutang.segments.leaves.base import (
    NONE,
    Leaf,
    Names,
    Reading,
    World,
    first_move,
    flips_of,
    listed,
    moment_text,
    people_in,
    spoken,
    within,
)
from yutang.segments.windows import Moment, Window

Word = Annotated[str, Field(max_length=200)]
PROFILE = Needs(profile=True)

STAGES = {
    Stage.STRANGER: Text("陌生人", "stranger"),
    Stage.CONTACT: Text("好友未购", "contact without purchase"),
    Stage.BUYER: Text("已购一次", "bought once"),
    Stage.REPEAT: Text("复购", "repeat buyer"),
    Stage.LOST: Text("已流失", "lost"),
}
GENDERS = {
    Gender.UNKNOWN: Text("未知", "unknown"),
    Gender.MALE: Text("男", "male"),
    Gender.FEMALE: Text("女", "female"),
}


def living() -> QuerySet[Customer]:
    return Customer.objects.filter(person__isnull=True, erased_at__isnull=True)


class Everyone(Leaf):
    """All people we know."""

    kind: Literal["everyone"] = "everyone"

    def needs(self) -> Needs:
        return Needs()

    def hears(self) -> Collection[str]:
        return ()

    def people(self, world: World) -> Reading:
        return Reading(world.everyone.copy())

    def holds_for(self, history: History, moment: Moment) -> bool:
        return True

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("所有人", "everybody")

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return Text("已知客户", "a known customer")


class StageIs(Leaf):
    kind: Literal["stage"] = "stage"
    stages: list[Stage] = Field(min_length=1, max_length=10)

    def needs(self) -> Needs:
        return PROFILE

    def hears(self) -> Collection[str]:
        return ("customer.stage_changed",)

    def people(self, world: World) -> Reading:
        return Reading(people_in(living().filter(stage__in=self.stages), "pk"))

    def holds_for(self, history: History, moment: Moment) -> bool:
        return history.stage in self.stages

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("阶段为{stages}", "stage is {stages}").fill(stages=spoken(STAGES, self.stages))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return spoken(STAGES, [history.stage])


class GenderIs(Leaf):
    """The gender of the eldest of the person's records that knows one."""

    kind: Literal["gender"] = "gender"
    genders: list[Gender] = Field(min_length=1, max_length=3)

    def needs(self) -> Needs:
        return PROFILE

    def hears(self) -> Collection[str]:
        return ("customer.changed",)

    def people(self, world: World) -> Reading:
        known = {each: people_in(living().filter(gender=each), "pk") for each in (Gender.MALE, Gender.FEMALE)}
        silent = Customer.objects.filter(person__gender=Gender.UNKNOWN).exclude(gender=Gender.UNKNOWN)
        told: dict[int, str] = {}
        for person, gender in silent.order_by("pk").values_list("person_id", "gender"):
            if told.setdefault(person, gender) == gender:
                known[Gender(gender)].add(person)
        found = BitMap()
        for gender in self.genders:
            known_ones = known[Gender.MALE] | known[Gender.FEMALE]
            found |= world.everyone - known_ones if gender == Gender.UNKNOWN else known[gender]
        return Reading(found & world.everyone)

    def holds_for(self, history: History, moment: Moment) -> bool:
        return history.gender in self.genders

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("性别为{genders}", "gender is {genders}").fill(genders=spoken(GENDERS, self.genders))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return spoken(GENDERS, [history.gender])


class Named(Leaf):
    """Any record of the person has a name."""

    kind: Literal["named"] = "named"

    def needs(self) -> Needs:
        return PROFILE

    def hears(self) -> Collection[str]:
        return ("customer.changed",)

    def people(self, world: World) -> Reading:
        named = Customer.objects.exclude(name="").annotate(owner=Coalesce("person_id", "pk"))
        return Reading(people_in(named, "owner") & world.everyone)

    def holds_for(self, history: History, moment: Moment) -> bool:
        return bool(history.name)

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("已知姓名或昵称", "has a name")

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return Text(history.name, history.name) if history.name else NONE


class SourceIs(Leaf):
    """How we first met: one of these sources, or one that begins so (`live_code:`, `import:`)."""

    kind: Literal["source"] = "source"
    sources: list[Word] = Field([], max_length=100)
    begins: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field([], max_length=20)

    @model_validator(mode="after")
    def _check(self) -> "SourceIs":
        if not self.sources and not self.begins:
            raise ValueError("name a source")
        return self

    def needs(self) -> Needs:
        return PROFILE

    def hears(self) -> Collection[str]:
        return ()  # it is written once

    def people(self, world: World) -> Reading:
        wanted = Q(source__in=self.sources)
        for start in self.begins:
            # A range rather than LIKE, which ignores case on SQLite.
            wanted |= Q(source__gte=start, source__lt=start + "\U0010ffff")
        found = people_in(living().filter(wanted), "pk")
        return Reading(found)

    def holds_for(self, history: History, moment: Moment) -> bool:
        return history.source in self.sources or history.source.startswith(tuple(self.begins))

    def sentence(self, names: Names, moment: Moment) -> Text:
        said = [names.of("source", source) for source in self.sources]
        said += [names.of("source", start) for start in self.begins]
        return Text("来源为{sources}", "first met through {sources}").fill(sources=listed(said, "、", " or "))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return names.of("source", history.source)


class CreatedIn(Leaf):
    """We first knew of the person within a window of time."""

    kind: Literal["created"] = "created"
    window: Window

    def needs(self) -> Needs:
        return PROFILE

    def hears(self) -> Collection[str]:
        return ()

    def people(self, world: World) -> Reading:
        rows = living()
        inside = people_in(within(rows, "created_at", self.window, world.moment), "pk")
        return Reading(inside, flips_of(rows, "pk", "created_at", self.window, world.moment))

    def holds_for(self, history: History, moment: Moment) -> bool:
        return history.created_at is not None and self.window.span(moment).holds(history.created_at)

    def next_flip(self, history: History, moment: Moment) -> datetime | None:
        created = [history.created_at] if history.created_at else []
        return first_move(created, lambda at: self.window.moves(at, moment))

    def sentence(self, names: Names, moment: Moment) -> Text:
        return Text("{when}成为已知客户", "became known {when}").fill(when=self.window.sentence(moment))

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        return moment_text(history.created_at, moment)
