"""A leaf over custom fields: what the merchant notes about customers beyond what we know of."""

from collections.abc import Collection
from typing import Annotated, Any, Literal

from django.db.models.functions import Coalesce
from pydantic import Field
from pyroaring import BitMap

from yutang.customers.models import Customer
from yutang.kernel.language import Text
from yutang.segments.comparing import Comparison, shown
from yutang.segments.history import History, Needs
from yutang.segments.leaves.base import NONE, Leaf, Names, Reading, World
from yutang.segments.windows import Moment


class FieldIs(Leaf):
    """A custom field, as the eldest of the person's records has it. Dates are texts such as 2026-03-01."""

    kind: Literal["field"] = "field"
    field: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    is_: Comparison = Field(alias="is")

    def needs(self) -> Needs:
        return Needs(profile=True)

    def hears(self) -> Collection[str]:
        return ("customer.changed",)

    def people(self, world: World) -> Reading:
        told: dict[int, Any] = {}
        rows = Customer.objects.filter(fields__has_key=self.field).annotate(owner=Coalesce("person_id", "pk"))
        for owner, value in rows.order_by("pk").values_list("owner", f"fields__{self.field}").iterator(50_000):
            told.setdefault(owner, value)
        found = BitMap(owner for owner, value in told.items() if self.is_.holds(value))
        if self.is_.holds(None):
            found |= world.everyone - BitMap(told)
        return Reading(found & world.everyone)

    def holds_for(self, history: History, moment: Moment) -> bool:
        return self.is_.holds(history.fields.get(self.field))

    def sentence(self, names: Names, moment: Moment) -> Text:
        text = Text("{field}{how}", "{field} {how}")
        return text.fill(field=names.of("field", self.field), how=self.is_.sentence())

    def seen(self, history: History, names: Names, moment: Moment) -> Text:
        value = history.fields.get(self.field)
        return NONE if value is None else Text(shown(value), shown(value))
