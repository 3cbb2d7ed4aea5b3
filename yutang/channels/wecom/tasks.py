"""Background work: load by id, ask WeCom, bring in the answer."""

from typing import Any

from yutang.channels.wecom import callbacks, processing
from yutang.kernel import jobs


@jobs.handles(callbacks.GREET, lane="welcome")
@jobs.handles(callbacks.PROCESS, lane="inbox")
def process_callback(payload: dict[str, Any]) -> None:
    processing.process(payload["message_id"], payload["app_id"])
