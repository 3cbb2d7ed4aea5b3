"""Defining custom fields. A field that is no longer wanted is archived: what was noted under it stays."""

import re
from collections.abc import Sequence

from django.db import transaction

from yutang.customers.errors import FieldKeyTaken
from yutang.customers.models import CustomField, FieldKind
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line

MAX_OPTIONS = 200
MAX_FIELDS = 200


@transaction.atomic
def define_field(
    key: str, label: str, kind: FieldKind, *, options: Sequence[str] = (), order: int = 0, by: Actor
) -> CustomField:
    """A new field; an archived one of the same key and kind comes back. Raises FieldKeyTaken, BadInput."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", key):
        problem = Text(
            "标识只能用小写字母、数字和下划线，以字母开头。", "A key is small letters, digits and underscores."
        )
        raise BadInput(problem, fields={"key": "malformed"})
    if CustomField.objects.filter(archived_at=None).count() >= MAX_FIELDS:
        raise BadInput(Text(f"最多 {MAX_FIELDS} 个字段。", f"At most {MAX_FIELDS} fields."))
    archived = CustomField.objects.filter(key=key, kind=kind, archived_at__isnull=False).first()
    if archived is None and CustomField.objects.filter(key=key).exists():
        raise FieldKeyTaken(key=key)
    custom = archived or CustomField(key=key, kind=kind, created_at=clock.now())
    custom.archived_at = None
    _describe(custom, label, options, order)
    audit("custom_field.defined", by=by, subject_kind="custom_field", subject_id=custom.pk, key=key)
    return custom


@transaction.atomic
def change_field(
    custom: CustomField, *, label: str | None, options: Sequence[str] | None, order: int | None, by: Actor
) -> CustomField:
    """Label, options and place; key and kind are for ever. Options that go away stay where they were chosen."""
    _describe(
        custom,
        custom.label if label is None else label,
        custom.options if options is None else options,
        custom.order if order is None else order,
    )
    audit("custom_field.changed", by=by, subject_kind="custom_field", subject_id=custom.pk, key=custom.key)
    return custom


@transaction.atomic
def archive_field(custom: CustomField, *, by: Actor) -> None:
    if CustomField.objects.filter(pk=custom.pk, archived_at=None).update(archived_at=clock.now()):
        audit("custom_field.archived", by=by, subject_kind="custom_field", subject_id=custom.pk, key=custom.key)


def _describe(custom: CustomField, label: str, options: Sequence[str], order: int) -> None:
    custom.label = one_line(label, 100)
    custom.options = list(dict.fromkeys(filter(None, (one_line(option, 100) for option in options))))[:MAX_OPTIONS]
    custom.order = max(-(2**31), min(order, 2**31 - 1))
    if not custom.label:
        raise BadInput(Text("请填写名称。", "Give it a name."), fields={"label": "empty"})
    if custom.kind == FieldKind.CHOICE and not custom.options:
        raise BadInput(Text("请填写选项。", "Give it options."), fields={"options": "empty"})
    custom.save()
