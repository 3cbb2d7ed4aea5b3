"""What is known of others, with source and date: to stand beside one's own figures, never to be taken for law."""

from dataclasses import dataclass
from datetime import date

from yutang.kernel.language import Text


@dataclass(frozen=True)
class Band:
    figure: str  # key of a definition
    label: Text
    low: float
    high: float
    source: Text
    valid_from: date


# The articles behind the product name these as claims of their time.
_INDUSTRY_2021 = Text("行业文章，2021 年", "Industry articles of 2021")

BANDS = (
    Band("private_share", Text("成熟品牌", "Mature brands"), 0.10, 0.15, _INDUSTRY_2021, date(2021, 1, 1)),
    Band("private_share", Text("领先品牌", "Leading brands"), 0.30, 0.40, _INDUSTRY_2021, date(2021, 1, 1)),
    Band("private_share", Text("新锐品牌", "New brands"), 0.80, 1.00, _INDUSTRY_2021, date(2021, 1, 1)),
)
