"""What the console may change about a person: name, gender, stage and custom fields."""

from dataclasses import dataclass

from django.db import transaction

from yutang.customers import custom_fields
from yutang.customers.errors import CustomerErased, NameFromWeChat
from yutang.customers.models import Customer, Gender, Identity, IdentityKind, Stage
from yutang.customers.queries import record_ids_of
from yutang.customers.services import derive
from yutang.customers.services.changed import changed_fact
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.facts import announce
from yutang.kernel.plain_text import one_line


@dataclass(frozen=True)
class Edit:
    """None: left as it is. `stage` "": derived again. A field's None clears it."""

    name: str | None = None
    gender: str | None = None
    stage: str | None = None
    fields: dict[str, object] | None = None


@transaction.atomic
def edit_person(person: Customer, edit: Edit, *, by: Actor) -> None:
    """Raises NameFromWeChat, BadInput, CustomerErased."""
    row = Customer.objects.select_for_update(no_key=True).get(pk=person.pk)
    if row.erased_at:
        raise CustomerErased
    changed: list[str] = []
    if edit.name is not None:
        _refuse_wechat_name(row)
        row.name = one_line(edit.name, 200)
        changed.append("name")
    if edit.gender is not None:
        row.gender = Gender(edit.gender)
        changed.append("gender")
    if edit.stage is not None:
        row.stage_set, row.stage_set_at = Stage(edit.stage) if edit.stage else "", clock.now()
        _forget_other_stages(row)
        changed += ["stage_set", "stage_set_at"]
    if edit.fields is not None:
        row.fields = _with(row.fields, custom_fields.checked(edit.fields))
        changed.append("fields")
    if not changed:
        return
    row.updated_at = clock.now()
    row.save(update_fields=[*changed, "updated_at"])
    what = [name for name in changed if name != "stage_set_at"]
    audit("customer.edited", by=by, subject_kind="customer", subject_id=row.pk, changed=what)
    _tell(row.pk, [name for name in what if name != "stage_set"])
    derive.refresh([row.pk])
    derive.reindex([row.pk])


def _tell(person: int, changed: list[str]) -> None:
    """A stage set by hand is told of as a stage."""
    if changed:
        announce(changed_fact(person, changed))


def _refuse_wechat_name(row: Customer) -> None:
    contact = Identity.objects.filter(person=row.pk, kind=IdentityKind.EXTERNAL_USERID, ended_at=None)
    if contact.exists():
        raise NameFromWeChat


def _forget_other_stages(row: Customer) -> None:
    """Taking an override back takes back those set on records merged in, too."""
    if not row.stage_set:
        Customer.objects.filter(pk__in=record_ids_of(row.pk)).exclude(pk=row.pk).update(stage_set="")


def _with(fields: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    merged = {**fields, **changes}
    return {key: value for key, value in merged.items() if value is not None}
