"""The port through which members sign in with WeCom. The channel plugs itself in; this floor knows no protocol."""

from collections.abc import Sequence
from typing import Protocol

from yutang.organization.models import Corp


class WeComSignIn(Protocol):
    def corps(self) -> Sequence[Corp]:
        """Corps whose connection is complete enough to sign members in."""

    def address(self, corp: Corp, *, redirect_uri: str, state: str, inside_wecom: bool) -> str:
        """Where to send the browser: the page with the code to scan, or the silent page within WeCom."""

    def userid(self, corp: Corp, code: str) -> str:
        """The member behind a code, which works once. Raises SignInCodeRefused or NotStaff."""


OAUTH: list[WeComSignIn] = []  # at most one: the channel's


def offer_sign_in(port: WeComSignIn) -> None:
    OAUTH[:] = [port]
