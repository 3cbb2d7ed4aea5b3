"""What people change about their own account."""

from datetime import timedelta
from typing import Literal

from django.contrib.auth.hashers import check_password
from django.db import transaction

from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text
from yutang.kernel.throttle import forget_attempts, take_attempt
from yutang.organization.models import Account
from yutang.organization.services.password_rules import refuse_weak

WRONG = Text("当前密码不正确。", "The current password is wrong.")
SAME = Text("新密码与当前密码相同。", "The new password is the current one.")


@transaction.atomic
def choose_language(account: Account, language: Literal["zh", "en"], *, by: Actor) -> None:
    account.language = language
    account.save(update_fields=["language"])
    audit("account.language_chosen", by=by, subject_kind="account", subject_id=account.pk, language=language)


def check_own_password(account: Account, password: str, *, field: str) -> None:
    """Raises BadInput, naming `field`. Throttled: an unattended browser must not help to guess."""
    key = f"own_password:{account.pk}"
    take_attempt(key, limit=6, per=timedelta(minutes=10))
    # Not account.check_password: that would save a re-hash, and with it anything else changed on the object.
    if not check_password(password, account.password):
        raise BadInput(WRONG, fields={field: WRONG.here()})
    forget_attempts(key)


def change_own_password(account: Account, *, current: str, new: str, by: Actor) -> None:
    """Raises BadInput for a wrong current password and WeakPassword for a new one that will not do."""
    check_own_password(account, current, field="current")
    if new == current:
        raise BadInput(SAME, fields={"new": SAME.here()})
    refuse_weak(new, account, field="new")
    with transaction.atomic():
        account.set_password(new)
        account.save(update_fields=["password"])
        audit("account.password_changed", by=by, subject_kind="account", subject_id=account.pk)
