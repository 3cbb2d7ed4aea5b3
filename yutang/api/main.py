"""The HTTP API: every router of every app under /api, one schema, one shape of error."""

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer

from yutang import __version__
from yutang.api import (
    accounts,
    audit,
    blocked_identities,
    boards,
    code_batches,
    code_files,
    corps,
    custom_fields,
    customer_codes,
    customer_records,
    customers,
    errors,
    event_sources,
    events,
    failed_events,
    health,
    imports,
    inbox,
    insights,
    lake,
    learnt_events,
    live,
    live_codes,
    me,
    members,
    orders,
    organization,
    overview,
    reviews,
    search,
    segments,
    session,
    stores,
    tags,
    uploads,
    welcomes,
)
from yutang.api.auth import SessionAuth
from yutang.api.parsing import StrictParser


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> bytes:
        return orjson.dumps(data)


api = NinjaAPI(
    title="Yutang 鱼塘",
    version=__version__,
    urls_namespace="api",
    auth=SessionAuth(),
    renderer=OrjsonRenderer(),
    parser=StrictParser(),
    openapi_url="/openapi.json",
    docs_url=None,
)
errors.install(api)

# Routers, one a subject, each in the module of that name.
api.add_router("", session.router)
api.add_router("", me.router)
api.add_router("", accounts.router)
api.add_router("", organization.router)
api.add_router("", stores.router)
api.add_router("", members.router)
api.add_router("", audit.router)
api.add_router("", events.router)
api.add_router("", event_sources.router)
api.add_router("", failed_events.router)
api.add_router("", learnt_events.router)
api.add_router("", health.router)
api.add_router("", live.router)
api.add_router("", overview.router)
api.add_router("", search.router)
api.add_router("", corps.router)
api.add_router("", inbox.router)
api.add_router("", lake.router)
api.add_router("", uploads.router)
api.add_router("", live_codes.router)
api.add_router("", code_files.router)
api.add_router("", code_batches.router)
api.add_router("", customer_codes.router)
api.add_router("", welcomes.router)
api.add_router("", customers.router)
api.add_router("", segments.router)
api.add_router("", customer_records.router)
api.add_router("", tags.router)
api.add_router("", reviews.router)
api.add_router("", custom_fields.router)
api.add_router("", blocked_identities.router)
api.add_router("", orders.router)
api.add_router("", imports.router)
api.add_router("", insights.router)
api.add_router("", boards.router)
