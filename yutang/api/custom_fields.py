"""Custom fields: what a merchant notes about customers beyond what we know of."""

from ninja import Field, Router, Schema, Status

from yutang.api.auth import ViewerRequest, needs
from yutang.api.customer_shapes import Id
from yutang.customers.models import CustomField, FieldKind
from yutang.customers.services.fields import archive_field, change_field, define_field
from yutang.kernel.errors import NotFound
from yutang.kernel.permissions import Permission

router = Router(tags=["custom fields"])


class CustomFieldOut(Schema):
    id: int
    key: str
    label: str
    kind: FieldKind
    options: list[str]
    order: int


class CustomFields(Schema):
    items: list[CustomFieldOut]


class CustomFieldIn(Schema):
    key: str = Field(max_length=64, description="Small letters, digits and underscores; for ever.")
    label: str = Field(max_length=200)
    kind: FieldKind
    options: list[str] = Field([], max_length=200, description="Of a choice.")
    order: int = 0


class CustomFieldChange(Schema):
    label: str | None = Field(None, max_length=200)
    options: list[str] | None = Field(None, max_length=200)
    order: int | None = None


@router.get("/custom-fields", response=CustomFields)
@needs(Permission.SEE_CUSTOMERS)
def custom_fields(request: ViewerRequest) -> CustomFields:
    live = CustomField.objects.filter(archived_at=None).order_by("order", "pk")
    return CustomFields(items=[CustomFieldOut.from_orm(each) for each in live])


@router.post("/custom-fields", response={201: CustomFieldOut})
@needs(Permission.EDIT_TAGS)
def define(request: ViewerRequest, given: CustomFieldIn) -> Status:
    made = define_field(
        given.key, given.label, given.kind, options=given.options, order=given.order, by=request.auth.actor
    )
    return Status(201, CustomFieldOut.from_orm(made))


@router.patch("/custom-fields/{int:field_id}", response=CustomFieldOut)
@needs(Permission.EDIT_TAGS)
def change(request: ViewerRequest, field_id: Id, given: CustomFieldChange) -> CustomFieldOut:
    changed = change_field(
        _find(field_id), label=given.label, options=given.options, order=given.order, by=request.auth.actor
    )
    return CustomFieldOut.from_orm(changed)


@router.delete("/custom-fields/{int:field_id}", response={204: None})
@needs(Permission.EDIT_TAGS)
def archive(request: ViewerRequest, field_id: Id) -> Status:
    """No longer offered; what was noted under it stays."""
    archive_field(_find(field_id), by=request.auth.actor)
    return Status(204, None)


def _find(field_id: int) -> CustomField:
    custom = CustomField.objects.filter(pk=field_id, archived_at=None).first()
    if custom is None:
        raise NotFound
    return custom
