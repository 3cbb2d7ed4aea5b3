"""The shape of every list: {items, next, total}."""

from collections.abc import Callable
from typing import Generic, TypeVar

from ninja import Field, Schema

from yutang.kernel.paging import Page

Row = TypeVar("Row")
Out = TypeVar("Out")


class TotalOut(Schema):
    count: int
    exact: bool = Field(description="False beyond 10,000: there are more than `count`.")


class PagedOut(Schema, Generic[Out]):
    items: list[Out]
    next: str | None = Field(description="The cursor of the next page; none on the last.")
    total: TotalOut

    @classmethod
    def of(cls, page: Page[Row], shape: Callable[[Row], Out]) -> "PagedOut[Out]":
        total = TotalOut(count=page.total.count, exact=page.total.exact)
        return cls(items=[shape(row) for row in page.items], next=page.next, total=total)


class Paging(Schema):
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=500)
