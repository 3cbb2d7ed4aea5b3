"""Which permissions each role has."""

from collections.abc import Mapping

from yutang.kernel.permissions import Permission
from yutang.organization.models import Role

P = Permission

_SEE = frozenset({P.SEE_OVERVIEW, P.SEE_CUSTOMERS, P.SEE_ORDERS, P.SEE_LIVE_CODES, P.SEE_EVENTS, P.SEE_ORGANIZATION})
_OPERATE = frozenset(
    {P.EDIT_CUSTOMERS, P.EXPORT_CUSTOMERS, P.REVEAL_PHONES, P.MERGE_CUSTOMERS, P.EDIT_TAGS, P.IMPORT_ORDERS}
    | {P.EDIT_LIVE_CODES, P.EDIT_WELCOMES, P.SEE_INBOX, P.REPLAY_INBOX}
)
_EVERYTHING = frozenset(P)

PERMISSIONS: Mapping[str, frozenset[P]] = {
    Role.OWNER: _EVERYTHING,
    Role.ADMINISTRATOR: _EVERYTHING,
    Role.OPERATOR: _SEE | _OPERATE,
    Role.STORE_MANAGER: _SEE | {P.EDIT_CUSTOMERS, P.REVEAL_PHONES, P.EDIT_TAGS, P.EDIT_LIVE_CODES},
    Role.GUIDE: (_SEE - {P.SEE_EVENTS}) | {P.EDIT_CUSTOMERS, P.REVEAL_PHONES},
    Role.ANALYST: _SEE | {P.EXPORT_CUSTOMERS},
    Role.AUDITOR: _SEE | {P.SEE_INBOX, P.SEE_AUDIT},
}
