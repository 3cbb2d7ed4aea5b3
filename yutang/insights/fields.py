"""The field each order source sells in: as somebody decided, else guessed from its name."""

from yutang.commerce.models import OrderSource
from yutang.insights.models import SourceField
from yutang.insights.question import Field

# Parts of names, in lower case. The pond's own shops come first: a brand's mini-program may be named after its stores.
_TELLING = (
    (
        Field.PRIVATE,
        ("小程序", "微商城", "私域", "企微", "企业微信", "社群", "wecom", "mini", "有赞", "youzan", "微盟", "weimob"),
    ),
    (Field.STORE, ("门店", "收银", "线下", "店铺pos", "pos", "till", "store")),
)


def guessed_field(name: str) -> Field:
    """Public unless the name tells otherwise: what is not known to be one's own was bought at sea."""
    lower = name.lower()
    return next((field for field, parts in _TELLING if any(part in lower for part in parts)), Field.PUBLIC)


def fields_of_sources() -> dict[int, Field]:
    decided = dict(SourceField.objects.values_list("source", "field"))
    names = OrderSource.objects.values_list("pk", "name")
    return {pk: Field(decided[pk]) if pk in decided else guessed_field(name) for pk, name in names}
