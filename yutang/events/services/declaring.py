"""Declaring what an event of a source must look like."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yutang.events.collecting.declared import TYPES
from yutang.events.collecting.sources import forget_senders
from yutang.events.learning import MAX_PROPERTIES
from yutang.events.models import Enforcement, LearntEvent
from yutang.kernel.actors import Actor
from yutang.kernel.audit import audit
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text


@transaction.atomic
def declare(
    learnt: LearntEvent, declared: Mapping[str, Mapping[str, Any]], enforcement: Enforcement, *, by: Actor
) -> LearntEvent:
    """property → {type, required}. Events already taken in stay as they are. Raises BadInput."""
    if len(declared) > MAX_PROPERTIES or any(not name or len(name) > 200 for name in declared):
        problem = Text("属性过多，或者名称为空、过长。", "Too many properties, or a name that is empty or too long.")
        raise BadInput(problem, fields={"declared": "malformed"})
    if unknown := [name for name, wanted in declared.items() if wanted.get("type") not in (None, "", *TYPES)]:
        problem = Text("类型应为 {types}。", "A type is one of {types}.").fill(types=", ".join(TYPES))
        raise BadInput(problem, fields={name: problem.here() for name in unknown})
    learnt.declared = {
        name: {"type": wanted.get("type") or None, "required": bool(wanted.get("required"))}
        for name, wanted in declared.items()
    }
    learnt.enforcement = Enforcement(enforcement)
    learnt.save(update_fields=["declared", "enforcement"])
    audit(
        "event_source.declared",
        by=by,
        subject_kind="event_source",
        subject_id=learnt.source_id,
        event=learnt.name,
        enforcement=learnt.enforcement,
    )
    transaction.on_commit(forget_senders)
    return learnt
