"""What operators say when they make a live code or a welcome: the shapes services take and the API speaks."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yutang.acquisition.hours import HoursText
from yutang.acquisition.models import Accept
from yutang.acquisition.roster import Rotation
from yutang.content.parts import Part

MOST_ASSIGNEES = 200
MOST_SHIFTS = 50
MOST_SLOTS = 24


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", use_enum_values=True)


class AssigneeShape(_Shape):
    """Exactly one of member, department and store."""

    member_id: int | None = None
    department_id: int | None = None
    store_id: int | None = None
    is_backup: bool = False
    weight: int = Field(1, ge=1, le=1000)
    daily_cap: int | None = Field(None, ge=0, le=100_000)

    @model_validator(mode="after")
    def one_thing(self) -> "AssigneeShape":
        if sum(each is not None for each in (self.member_id, self.department_id, self.store_id)) != 1:
            raise ValueError("Name exactly one of member_id, department_id and store_id.")
        return self


class ShiftShape(_Shape):
    """No members: everybody behind the code."""

    hours: HoursText
    member_ids: list[int] = Field([], max_length=MOST_ASSIGNEES)


class SlotShape(_Shape):
    """No hours: for all times no other slot covers."""

    hours: HoursText | None = None
    parts: list[Part] = Field(max_length=20)


class WelcomeShape(_Shape):
    slots: list[SlotShape] = Field([], max_length=MOST_SLOTS)
    suppressed_nicknames: list[str] = Field([], max_length=200)


class CodeShape(_Shape):
    name: str = Field(max_length=100)
    corp_id: int
    folder_id: int | None = None
    rotation: Rotation = Rotation.TURN
    one_member_only: bool = False
    accept: Accept = Accept.ALWAYS
    accept_hours: list[HoursText] = Field([], max_length=MOST_SHIFTS)
    touchpoint: str = Field("", max_length=64)
    remark_template: str = Field("", max_length=100)
    description: str = Field("", max_length=150)
    tag_ids: list[int] = Field([], max_length=100)
    expires_at: datetime | None = None
    assignees: list[AssigneeShape] = Field(max_length=MOST_ASSIGNEES)
    shifts: list[ShiftShape] = Field([], max_length=MOST_SHIFTS)
    welcome: WelcomeShape | None = None
