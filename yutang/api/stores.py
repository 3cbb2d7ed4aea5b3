"""Brands and stores."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count, Q
from ninja import Field, Query, Router, Schema, Status

from yutang.api.accounts import Ref
from yutang.api.auth import ViewerRequest, needs
from yutang.api.paged import PagedOut, Paging
from yutang.kernel.errors import NotFound
from yutang.kernel.paging import newest_first
from yutang.kernel.permissions import Permission
from yutang.organization import queries
from yutang.organization.models import Brand, Member, MemberStatus, Store
from yutang.organization.services import stores

router = Router(tags=["organization"])


class BrandIn(Schema):
    name: str = Field(max_length=200)


class BrandOut(Schema):
    id: int
    name: str
    store_count: int


class Brands(Schema):
    items: list[BrandOut]


class StoreIn(Schema):
    name: str = Field(max_length=200)
    code: str = Field(max_length=64)
    brand_id: int | None = None
    department_id: int | None = None
    address: str = Field("", max_length=500)
    latitude: float | None = Field(None, ge=-90, le=90, description="Degrees, GCJ-02.")
    longitude: float | None = Field(None, ge=-180, le=180)
    is_open: bool = True


class StoreOut(Schema):
    id: int
    name: str
    code: str
    brand: Ref | None
    department: Ref | None
    address: str
    latitude: float | None
    longitude: float | None
    is_open: bool
    member_count: int
    created_at: datetime


class StoreFilter(Paging):
    q: str = Field("", max_length=100, description="Part of the name, the code or the address.")
    brand_id: int | None = None
    department_id: int | None = Field(None, description="This department and all below it.")
    is_open: bool | None = None


@router.get("/brands", response=Brands)
@needs(Permission.SEE_ORGANIZATION)
def list_brands(request: ViewerRequest) -> Brands:
    rows = Brand.objects.annotate(store_count=Count("stores")).order_by("name")
    return Brands(items=[_brand(row, row.store_count) for row in rows])


@router.post("/brands", response={201: BrandOut})
@needs(Permission.EDIT_ORGANIZATION)
def create_brand(request: ViewerRequest, given: BrandIn) -> Status[BrandOut]:
    return Status(201, _brand(stores.create_brand(given.name, by=request.auth.actor), 0))


@router.put("/brands/{int:brand_id}", response=BrandOut)
@needs(Permission.EDIT_ORGANIZATION)
def rename_brand(request: ViewerRequest, brand_id: int, given: BrandIn) -> BrandOut:
    brand = stores.rename_brand(_find_brand(brand_id), given.name, by=request.auth.actor)
    return _brand(brand, brand.stores.count())


@router.delete("/brands/{int:brand_id}", response={204: None})
@needs(Permission.EDIT_ORGANIZATION)
def delete_brand(request: ViewerRequest, brand_id: int) -> Status[None]:
    """Refused (brand_in_use) while stores belong to it."""
    stores.delete_brand(_find_brand(brand_id), by=request.auth.actor)
    return Status(204, None)


def _find_brand(brand_id: int) -> Brand:
    brand = Brand.objects.filter(pk=brand_id).first()
    if brand is None:
        raise NotFound
    return brand


def _brand(brand: Brand, store_count: int) -> BrandOut:
    return BrandOut(id=brand.pk, name=brand.name, store_count=store_count)


@router.get("/stores", response=PagedOut[StoreOut])
@needs(Permission.SEE_ORGANIZATION)
def list_stores(request: ViewerRequest, wanted: Query[StoreFilter]) -> PagedOut[StoreOut]:
    rows = queries.visible_stores(request.auth).select_related("brand", "department")
    if words := wanted.q.strip():
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(address__icontains=words))
    if wanted.brand_id is not None:
        rows = rows.filter(brand=wanted.brand_id)
    if wanted.department_id is not None:
        department = queries.find_department(request.auth, wanted.department_id)
        rows = rows.filter(department__in=queries.within(department))
    if wanted.is_open is not None:
        rows = rows.filter(is_open=wanted.is_open)
    page = newest_first(rows, limit=wanted.limit, cursor=wanted.cursor)
    staff = _staff_of(row.pk for row in page.items)
    return PagedOut.of(page, lambda store: _store(store, staff))


@router.post("/stores", response={201: StoreOut})
@needs(Permission.EDIT_ORGANIZATION)
def create_store(request: ViewerRequest, given: StoreIn) -> Status[StoreOut]:
    store = stores.create_store(stores.StoreDraft(**given.model_dump()), by=request.auth.actor)
    return Status(201, _store(store, {}))


@router.get("/stores/{int:store_id}", response=StoreOut)
@needs(Permission.SEE_ORGANIZATION)
def read_store(request: ViewerRequest, store_id: int) -> StoreOut:
    return _store(queries.find_store(request.auth, store_id), _staff_of([store_id]))


@router.put("/stores/{int:store_id}", response=StoreOut)
@needs(Permission.EDIT_ORGANIZATION)
def change_store(request: ViewerRequest, store_id: int, given: StoreIn) -> StoreOut:
    draft = stores.StoreDraft(**given.model_dump())
    store = stores.change_store(queries.find_store(request.auth, store_id), draft, by=request.auth.actor)
    return _store(store, _staff_of([store_id]))


def _staff_of(store_ids: Iterable[int]) -> dict[int, int]:
    """How many members, of those who have not left, each store has."""
    present = Member.objects.filter(store__in=list(store_ids)).exclude(status=MemberStatus.LEFT)
    return dict(present.values_list("store").annotate(count=Count("pk")))


def _store(store: Store, staff: Mapping[int, int]) -> StoreOut:
    return StoreOut(
        id=store.pk,
        name=store.name,
        code=store.code,
        brand=Ref(id=store.brand.pk, name=store.brand.name) if store.brand else None,
        department=Ref(id=store.department.pk, name=store.department.name) if store.department else None,
        address=store.address,
        latitude=store.latitude,
        longitude=store.longitude,
        is_open=store.is_open,
        member_count=staff.get(store.pk, 0),
        created_at=store.created_at,
    )
