"""Brands and stores."""

from dataclasses import asdict, dataclass

from django.db import transaction

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line
from yutang.organization.errors import BrandInUse
from yutang.organization.models import Brand, Department, Store

NEEDED = Text("必填。", "This is needed.")
CODE_TAKEN = Text("这个门店编号已被使用。", "This store code is taken.")
NAME_TAKEN = Text("这个品牌名已被使用。", "There is a brand of this name.")
NO_BRAND = Text("没有这个品牌。", "There is no such brand.")
NO_DEPARTMENT = Text("没有这个部门。", "There is no such department.")
HALF_A_PLACE = Text("经度和纬度要一起填写。", "Longitude and latitude go together.")


@dataclass(frozen=True)
class StoreDraft:
    """What a store is to be. The position is in degrees, GCJ-02, as Chinese maps give it."""

    name: str
    code: str
    brand_id: int | None = None
    department_id: int | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_open: bool = True


@transaction.atomic
def create_brand(name: str, *, by: Actor) -> Brand:
    brand = Brand(created_at=clock.now())
    _name_brand(brand, name)
    audit("brand.created", by=by, subject_kind="brand", subject_id=brand.pk, name=brand.name)
    return brand


@transaction.atomic
def rename_brand(brand: Brand, name: str, *, by: Actor) -> Brand:
    before = brand.name
    _name_brand(brand, name)
    audit("brand.renamed", by=by, subject_kind="brand", subject_id=brand.pk, before=before, after=brand.name)
    return brand


@transaction.atomic
def delete_brand(brand: Brand, *, by: Actor) -> None:
    """Raises BrandInUse where stores belong to it."""
    stores = brand.stores.count()
    if stores:
        raise BrandInUse(name=brand.name, stores=stores)
    audit("brand.deleted", by=by, subject_kind="brand", subject_id=brand.pk, name=brand.name)
    brand.delete()


@transaction.atomic
def create_store(draft: StoreDraft, *, by: Actor) -> Store:
    store = Store(created_at=clock.now())
    _apply(draft, store)
    audit("store.created", by=by, subject_kind="store", subject_id=store.pk, **asdict(draft))
    return store


@transaction.atomic
def change_store(store: Store, draft: StoreDraft, *, by: Actor) -> Store:
    before = asdict(draft_of(store))
    _apply(draft, store)
    audit("store.changed", by=by, subject_kind="store", subject_id=store.pk, before=before, after=asdict(draft))
    return store


def draft_of(store: Store) -> StoreDraft:
    return StoreDraft(
        name=store.name,
        code=store.code,
        brand_id=store.brand_id,
        department_id=store.department_id,
        address=store.address,
        latitude=store.latitude,
        longitude=store.longitude,
        is_open=store.is_open,
    )


def _name_brand(brand: Brand, name: str) -> None:
    name = one_line(name, 200)
    if not name:
        raise BadInput(NEEDED, fields={"name": NEEDED.here()})
    if Brand.objects.filter(name=name).exclude(pk=brand.pk).exists():
        raise BadInput(NAME_TAKEN, fields={"name": NAME_TAKEN.here()})
    brand.name = name
    brand.save()


def _apply(draft: StoreDraft, store: Store) -> None:
    store.name, store.code = one_line(draft.name, 200), one_line(draft.code, 64)
    faults = {name: fault for name, fault in _faults(draft, store).items() if fault is not None}
    if faults:
        first = next(iter(faults.values()))
        raise BadInput(first, fields={name: fault.here() for name, fault in faults.items()})
    store.brand = Brand.objects.get(pk=draft.brand_id) if draft.brand_id else None
    store.department = Department.objects.get(pk=draft.department_id) if draft.department_id else None
    store.address, store.is_open = one_line(draft.address, 500), draft.is_open
    store.latitude, store.longitude = draft.latitude, draft.longitude
    store.save()


def _faults(draft: StoreDraft, store: Store) -> dict[str, Text | None]:
    code_taken = Store.objects.filter(code=store.code).exclude(pk=store.pk).exists()
    half = (draft.latitude is None) != (draft.longitude is None)
    return {
        "name": None if store.name else NEEDED,
        "code": (CODE_TAKEN if code_taken else None) if store.code else NEEDED,
        "brand_id": None if _exists(Brand, draft.brand_id) else NO_BRAND,
        "department_id": None if _exists(Department, draft.department_id) else NO_DEPARTMENT,
        "latitude": HALF_A_PLACE if half else None,
    }


def _exists(model: type[Brand] | type[Department], pk: int | None) -> bool:
    return pk is None or model.objects.filter(pk=pk).exists()
