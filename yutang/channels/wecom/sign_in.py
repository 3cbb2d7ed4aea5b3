"""Members signing in with WeCom: by a code to scan in a desktop browser, silently inside WeCom."""

from collections.abc import Sequence
from urllib.parse import urlencode

from yutang.channels.wecom.connection import app_of, client_for
from yutang.channels.wecom.errors import WeComError
from yutang.channels.wecom.models import AppFamily, WeComApp
from yutang.channels.wecom.transport import OFFICIAL_BASE_URL
from yutang.organization.errors import NotStaff, SignInCodeRefused
from yutang.organization.models import Corp

CODE_REFUSED = {40029, 42003, 42022, 41008}
# WeCom keeps its sign-in pages on two hosts of their own; a private installation has everything on one.
PAGES_OF = {OFFICIAL_BASE_URL: ("https://open.weixin.qq.com", "https://login.work.weixin.qq.com")}


class SignInWithWeCom:
    """The port of `organization.signin`, by WeCom's OAuth."""

    def corps(self) -> Sequence[Corp]:
        apps = WeComApp.objects.filter(family=AppFamily.APP, is_active=True, agent_id__isnull=False)
        return list(Corp.objects.filter(wecom_apps__in=apps).order_by("pk"))

    def address(self, corp: Corp, *, redirect_uri: str, state: str, inside_wecom: bool) -> str:
        app = app_of(corp)
        silent, scanned = PAGES_OF.get(app.base_url, (app.base_url, app.base_url))
        asked: dict[str, object] = {"appid": corp.wecom_corpid}
        if inside_wecom:
            asked |= {"redirect_uri": redirect_uri, "response_type": "code", "scope": "snsapi_base"}
            asked |= {"state": state, "agentid": app.agent_id}
            return f"{silent}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"
        asked = {"login_type": "CorpApp", **asked, "agentid": app.agent_id, "redirect_uri": redirect_uri}
        return f"{scanned}/wwlogin/sso/login?{urlencode({**asked, 'state': state, 'lang': 'zh'})}"

    def userid(self, corp: Corp, code: str) -> str:
        try:
            answer = client_for(app_of(corp)).who_signed_in(code)
        except WeComError as error:
            if error.errcode in CODE_REFUSED:
                raise SignInCodeRefused from error
            raise
        if not answer.get("userid"):
            raise NotStaff
        return str(answer["userid"])
