"""Every address the product answers: the API, what channels call, public pages, and the console."""

from django.urls import URLPattern, URLResolver, path, re_path

from yutang.api.browser_script import browser_script
from yutang.api.console import console
from yutang.api.main import api
from yutang.api.public import embed_script, landing, profile
from yutang.api.wecom_callbacks import wecom_callback

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("callbacks/wecom/<str:public_id>", wecom_callback),
    path("e/yutang.js", browser_script),
    path("c/embed.js", embed_script),
    path("c/<str:slug>", landing),
    path("p/<str:token>", profile),
    re_path(r"^(?P<path>.*)$", console),
]
