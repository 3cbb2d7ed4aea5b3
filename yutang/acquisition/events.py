"""What live codes announce."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class CodeScanned(DomainEvent):
    """A live code's landing page was opened. The visitor is often not known yet."""

    name = "code.scanned"
    label = Text("扫码", "Code scanned")
    code_id: int
