"""The second factor: one-time codes of an authenticator app, and recovery codes for when it is lost."""

import hashlib
import secrets
from datetime import timedelta

import pyotp
from django.db import transaction

from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.throttle import forget_attempts, take_attempt
from yutang.organization.errors import TotpAlreadyOn, TotpNotStarted, TotpWrong
from yutang.organization.models import Account, RecoveryCode

STEP_SECONDS = 30
DRIFT_STEPS = 1  # phones' clocks are off by some seconds
GUESSES = 6
GUESS_WINDOW = timedelta(minutes=10)
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: people copy these from paper


def check_second_factor(account: Account, code: str) -> None:
    """Accept an authenticator's code or a recovery code, each once. Raises TotpWrong, or TooMany for a guesser."""
    key = f"totp:{account.pk}"
    take_attempt(key, limit=GUESSES, per=GUESS_WINDOW)
    given = "".join(code.split()).replace("-", "").lower()
    if not (_use_code(account, account.totp_secret, given) or _use_recovery_code(account, given)):
        raise TotpWrong
    forget_attempts(key)


@transaction.atomic
def start_second_factor(account: Account, *, by: Actor) -> str:
    """A new secret (base32) for the account's authenticator; it counts once a code has confirmed it."""
    if account.has_second_factor:
        raise TotpAlreadyOn
    account.totp_pending = pyotp.random_base32()
    account.save(update_fields=["totp_pending"])
    audit("account.second_factor_started", by=by, subject_kind="account", subject_id=account.pk)
    return account.totp_pending


def provisioning_uri(account: Account, secret: str, *, issuer: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=issuer)


@transaction.atomic
def confirm_second_factor(account: Account, code: str, *, by: Actor) -> list[str]:
    """Switch the second factor on. Returns the recovery codes, which are shown this once."""
    if account.has_second_factor:
        raise TotpAlreadyOn
    if not account.totp_pending:
        raise TotpNotStarted
    if not _use_code(account, account.totp_pending, "".join(code.split())):
        raise TotpWrong(fields={"code": TotpWrong.text.here()})
    account.totp_secret, account.totp_pending = account.totp_pending, ""
    account.save(update_fields=["totp_secret", "totp_pending"])
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    account.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(account=account, digest=_digest(account, each)) for each in codes])
    audit("account.second_factor_added", by=by, subject_kind="account", subject_id=account.pk)
    return [f"{each[:5]}-{each[5:]}" for each in codes]


@transaction.atomic
def remove_second_factor(account: Account, *, by: Actor) -> None:
    account.totp_secret = account.totp_pending = ""
    account.save(update_fields=["totp_secret", "totp_pending"])
    account.recovery_codes.all().delete()
    audit("account.second_factor_removed", by=by, subject_kind="account", subject_id=account.pk)


def _use_code(account: Account, secret: str, code: str) -> bool:
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    step = int(clock.now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for candidate in range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(candidate), code):
            # One statement decides, so that two sign-ins at once cannot both use the code.
            unused = Account.objects.filter(pk=account.pk, totp_last_step__lt=candidate)
            return bool(unused.update(totp_last_step=candidate))
    return False


def _use_recovery_code(account: Account, code: str) -> bool:
    unused = account.recovery_codes.filter(digest=_digest(account, code), used_at=None)
    return bool(unused.update(used_at=clock.now()))


def _digest(account: Account, code: str) -> str:
    # The codes are random and long (50 bits), so a plain hash is not worth guessing against.
    return hashlib.sha256(f"yutang-recovery:{account.pk}:{code}".encode()).hexdigest()
