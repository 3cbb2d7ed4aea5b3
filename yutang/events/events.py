"""What the events app itself announces."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class VisitorJoined(DomainEvent):
    """A visitor of a source turned out to be this customer: what the visitor did before is the customer's, too."""

    name = "visitor.joined"
    label = Text("访客归户", "Visitor joined")
    sentence = Text("此前的访问归到此客户", "Earlier visits turned out to be this customer's")
    visitor_id: int
    kind: str
    issuer: str
