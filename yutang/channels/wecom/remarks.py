"""What we note about a customer, written into the member's WeCom."""

from django.db import transaction

from yutang.channels.wecom.connection import app_of, client_for
from yutang.customers.models import Identity, IdentityKind, Ownership, OwnershipState
from yutang.customers.services.ownership import Details, apply_relation
from yutang.kernel import clock
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text

REMARK_CHARS, DESCRIPTION_CHARS, COMPANY_CHARS = 20, 150, 20


class NoRelationInWeCom(DomainError):
    code, status = "no_relation_in_wecom", 409
    text = Text("该员工与客户没有好友关系，无法写入备注。", "This member is not in contact with the customer.")


def write_remark(
    relation: Ownership,
    *,
    by: Actor,
    remark: str | None = None,
    description: str | None = None,
    company: str | None = None,
    phones: list[str] | None = None,
) -> None:
    """Write into WeCom first, then here: a refusal changes nothing. None leaves a field; phones replace the old list.

    Longer texts than WeCom allows are cut. Raises WeComFault.
    """
    identity = Identity.objects.filter(
        customer_id=relation.customer_id,
        kind=IdentityKind.EXTERNAL_USERID,
        issuer=relation.member.corp.wecom_corpid,
        ended_at__isnull=True,
    ).first()
    if identity is None:
        raise NoRelationInWeCom
    client_for(app_of(relation.member.corp)).remark(
        relation.member.userid,
        identity.value,
        remark=_cut(remark, REMARK_CHARS),
        description=_cut(description, DESCRIPTION_CHARS),
        remark_company=_cut(company, COMPANY_CHARS),
        remark_mobiles=None if phones is None else (phones or [""]),
    )
    with transaction.atomic():
        details = Details(
            remark=_cut(remark, REMARK_CHARS),
            description=_cut(description, DESCRIPTION_CHARS),
            company=_cut(company, COMPANY_CHARS),
            phones=None if phones is None else tuple(phones),
        )
        state = OwnershipState(relation.state)
        apply_relation(relation.customer, relation.member, state, at=clock.now(), by=by, details=details)
        audit("contact.remark_written", by=by, subject_kind="customer", subject_id=relation.customer_id)


def _cut(text: str | None, limit: int) -> str | None:
    return None if text is None else text[:limit]
