"""What segments announce."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class SegmentEntered(DomainEvent):
    """A person came to be in a segment. `because`: an event, the passing of time, an edit of the rule, a check."""

    name = "segment.entered"
    label = Text("进入人群", "Entered a segment")
    sentence = Text("进入人群「{segment}」", "Entered the segment “{segment}”")
    segment_id: int
    segment: str
    version: int
    because: str


@dataclass(frozen=True)
class SegmentLeft(DomainEvent):
    """A person ceased to be in a segment."""

    name = "segment.left"
    label = Text("离开人群", "Left a segment")
    sentence = Text("离开人群「{segment}」", "Left the segment “{segment}”")
    segment_id: int
    segment: str
    version: int
    because: str
