"""Connecting a corp: entering its app, changing it, and letting it go. Secrets go in and are never shown again."""

import re
import secrets
import string
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from yutang.channels.wecom.models import AppFamily, TokenRow, WeComApp
from yutang.channels.wecom.transport import OFFICIAL_BASE_URL, Credentials
from yutang.kernel import briefly, clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput, DomainError
from yutang.kernel.language import Text
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Corp

CORP_ID = re.compile(r"w[wx][0-9a-zA-Z]{8,62}")
LETTERS = string.ascii_letters + string.digits
TOKEN_LENGTH, AES_KEY_LENGTH = 32, 43


class AlreadyConnected(DomainError):
    code, status = "wecom_already_connected", 409
    text = Text("该企业已经连接。", "This corp is connected already.")


@transaction.atomic
def connect_corp(
    *,
    corp_id: str,
    corp_name: str,
    agent_id: int | None,
    secret: str,
    base_url: str = OFFICIAL_BASE_URL,
    family: AppFamily = AppFamily.APP,
    by: Actor,
) -> WeComApp:
    """Add an app of a corp, with fresh callback credentials to be entered in WeCom's console. Raises BadInput."""
    _check(corp_id=corp_id, secret=secret, base_url=base_url, agent_id=agent_id, family=family)
    now = clock.now()
    corp, _ = Corp.objects.get_or_create(
        wecom_corpid=corp_id.strip(), defaults={"name": one_line(corp_name, 200) or corp_id, "created_at": now}
    )
    try:
        with transaction.atomic():
            app = WeComApp.objects.create(
                corp=corp,
                family=family,
                agent_id=agent_id,
                secret=secret.strip(),
                callback_token=_random(TOKEN_LENGTH),
                callback_aes_key=_random(AES_KEY_LENGTH),
                base_url=base_url.rstrip("/"),
                created_at=now,
                updated_at=now,
            )
    except IntegrityError:
        raise AlreadyConnected from None
    audit("wecom.connected", by=by, subject_kind="wecom_app", subject_id=app.pk, corp=corp.name, agent_id=agent_id)
    return app


@transaction.atomic
def change_app(
    app: WeComApp,
    *,
    by: Actor,
    secret: str | None = None,
    agent_id: int | None = None,
    base_url: str | None = None,
    callback_token: str | None = None,
    callback_aes_key: str | None = None,
) -> WeComApp:
    """Change what is given; None leaves as it is. Old tokens are forgotten with an old secret."""
    given = {
        "secret": secret,
        "agent_id": agent_id,
        "base_url": base_url,
        "callback_token": callback_token,
        "callback_aes_key": callback_aes_key,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    _check(
        corp_id=app.corp.wecom_corpid,
        secret=secret or app.secret,
        base_url=base_url or app.base_url,
        agent_id=agent_id or app.agent_id,
        family=AppFamily(app.family),
        aes_key=callback_aes_key,
    )
    TokenRow.objects.filter(key=_token_key(app)).delete()
    for name, value in changes.items():
        setattr(app, name, value.strip() if isinstance(value, str) else value)
    app.updated_at = clock.now()
    app.save()
    briefly.forget_all()
    TokenRow.objects.filter(key=_token_key(app)).delete()
    audit("wecom.changed", by=by, subject_kind="wecom_app", subject_id=app.pk, changed=sorted(changes))
    return app


@transaction.atomic
def rename_corp(corp: Corp, name: str, *, by: Actor) -> None:
    before, corp.name = corp.name, one_line(name, 200) or corp.name
    corp.save(update_fields=["name"])
    audit("corp.renamed", by=by, subject_kind="corp", subject_id=corp.pk, before=before, after=corp.name)


@transaction.atomic
def disconnect(app: WeComApp, *, by: Actor) -> None:
    """Stop calling and listening. Everything learnt stays; the secret goes."""
    WeComApp.objects.filter(pk=app.pk).update(is_active=False, secret="", updated_at=clock.now())
    briefly.forget_all()
    TokenRow.objects.filter(key=_token_key(app)).delete()
    audit("wecom.disconnected", by=by, subject_kind="wecom_app", subject_id=app.pk)


def _token_key(app: WeComApp) -> str:
    """As `Credentials.key`, without unsealing the secret, which may be unreadable."""
    return Credentials(app.corp.wecom_corpid, "", app.agent_id, app.base_url).key


def _random(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _check(
    *, corp_id: str, secret: str, base_url: str, agent_id: int | None, family: AppFamily, aes_key: str | None = None
) -> None:
    fields: dict[str, Text] = {}
    if not CORP_ID.fullmatch(corp_id.strip()):
        fields["corp_id"] = Text("企业 ID 以 ww 或 wx 开头。", "A corp id begins with ww or wx.")
    if not 8 <= len(secret.strip()) <= 200:
        fields["secret"] = Text("请粘贴应用的 Secret。", "Paste the app's secret.")
    if family == AppFamily.APP and not agent_id:
        fields["agent_id"] = Text("请填写应用的 AgentId。", "Enter the app's AgentId.")
    address = urlsplit(base_url)
    if address.scheme not in ("http", "https") or not address.hostname or address.query or address.username:
        fields["base_url"] = Text("接口地址应为 http(s)://主机。", "The base address must be http(s)://host.")
    if aes_key is not None and not re.fullmatch(r"[A-Za-z0-9]{43}", aes_key.strip()):
        fields["callback_aes_key"] = Text(
            "EncodingAESKey 是 43 位字母数字。", "EncodingAESKey is 43 letters and digits."
        )
    if fields:
        problem = Text(
            "连接信息有误，请检查标出的字段。", "The connection details are not right; check the named fields."
        )
        raise BadInput(problem, fields={name: text.here() for name, text in fields.items()})
