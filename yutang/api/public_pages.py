"""The small pages strangers see: server-made, without scripts of consequence, in the visitor's language.

Everything that varies passes through `format_html`, which escapes it.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yutang.acquisition.services.landing import Landing
from yutang.kernel.language import Text, current_language

_STYLE = mark_safe(
    "<style>"
    ":root{color-scheme:light dark;--ink:#10302c;--soft:#5d7672;--pond:#0f766e;--card:#fff;--back:#eef6f4;"
    "--line:#d5e5e1}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6f2ef;--soft:#9bb5b0;--pond:#2dd4bf;--card:#12211f;--back:#0a1413;"
    "--line:#24403b}}"
    "*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);"
    "color:var(--ink);font:17px/1.55 -apple-system,BlinkMacSystemFont,'PingFang SC','Microsoft YaHei',sans-serif}"
    "main{width:100%;max-width:26rem;padding:1.25rem}section{background:var(--card);border-radius:1.25rem;"
    "padding:1.75rem 1.5rem;text-align:center;box-shadow:0 8px 30px #0f766e1f}"
    ".brand{display:flex;align-items:center;justify-content:center;gap:.5rem;font-weight:600;margin-bottom:1.25rem}"
    ".brand svg{width:1.75rem;height:1.75rem}h1{font-size:1.3rem;line-height:1.35;margin:.25rem 0 .5rem}"
    "h1,p{text-wrap:balance}"
    "p{margin:.4rem 0;color:var(--soft)}.qr{display:block;width:min(74vw,17rem);aspect-ratio:1;margin:1.1rem auto;"
    "background:#fff;border:1px solid var(--line);border-radius:1rem;padding:.75rem;object-fit:contain}"
    ".hint{color:var(--pond);font-weight:600}label{display:block;text-align:left;margin:.9rem 0 .3rem;font-size:.95rem}"
    "input[type=text],input[type=tel]{width:100%;padding:.8rem .9rem;font:inherit;color:inherit;background:transparent;"
    "border:1px solid var(--line);border-radius:.7rem}input:focus-visible,button:focus-visible{outline:3px solid "
    "var(--pond);outline-offset:2px}.agree{display:flex;gap:.6rem;align-items:flex-start;font-size:.88rem;"
    "color:var(--soft)}.agree input{margin-top:.3rem}button{width:100%;margin-top:1.2rem;padding:.85rem;border:0;"
    "border-radius:.8rem;background:#0f766e;color:#fff;font:inherit;font-weight:600}.wrong{color:#c2410c;text-align:left}"
    "@media(prefers-color-scheme:dark){.wrong{color:#fdba74}}"
    "</style>"
)
FISH = mark_safe(
    '<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="16" fill="#0f766e"/>'
    '<path d="M10 32c7-11 16-15 25-15 8 0 14 5 19 15-5 10-11 15-19 15-9 0-18-4-25-15z" fill="#fff"/>'
    '<path d="M14 32 4 21v22z" fill="#fff"/><circle cx="43" cy="28" r="3" fill="#0f766e"/></svg>'
)


def _page(title: str, brand: str, body: SafeString, *, head: SafeString | str = "", foot: SafeString | str = "") -> str:
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width,initial-scale=1,viewport-fit=cover"><meta name="robots" content="noindex">'
        '<meta name="referrer" content="no-referrer">{}<title>{}</title>{}</head><body><main><section>'
        '<div class="brand">{}<span>{}</span></div>{}</section></main>{}</body></html>',
        "zh-CN" if current_language() == "zh" else "en",
        head,
        title,
        _STYLE,
        FISH,
        brand,
        body,
        foot,
    )


_ADD_ONE = Text("长按识别二维码，添加{member}的企业微信", "Press and hold the code to add {member} on WeCom")
_ADD = Text("长按识别二维码，添加我们的企业微信", "Press and hold the code to add us on WeCom")
_HINT = Text("没有反应？请保存图片后用微信“扫一扫”打开。", "No response? Save the picture and scan it in WeChat.")
_ALT = Text("企业微信二维码", "WeCom QR code")

_SAYINGS = {
    "preparing": (
        Text("二维码马上就好", "The code is nearly ready"),
        Text("正在为您准备，页面会自动刷新。", "We are preparing it for you; this page reloads by itself."),
    ),
    "resting": (
        Text("现在没有伙伴在线", "Nobody is on duty right now"),
        Text("请稍后再扫码，我们很期待认识您。", "Please scan again later; we look forward to meeting you."),
    ),
    "closed": (
        Text("活动已结束", "This code is no longer in use"),
        Text(
            "感谢您的关注，请到店或联系客服了解最新活动。",
            "Thank you for stopping by. Ask us what is on now.",
        ),
    ),
    "unknown": (
        Text("没有找到这个二维码", "We do not know this code"),
        Text("请核对链接，或重新扫描卡片上的二维码。", "Please check the address, or scan your card again."),
    ),
}
_BACK_AT = Text("{at} 起有人在线。", "We are back from {at}.")


def landing_page(landing: Landing, brand: str) -> str:
    if landing.state == "ready":
        return _ready_page(landing, brand)
    title, words = _SAYINGS[landing.state]
    body = format_html("<h1>{}</h1><p>{}</p>", title.here(), words.here())
    if landing.back_at is not None:
        body += format_html("<p>{}</p>", _BACK_AT.fill(at=f"{landing.back_at:%m-%d %H:%M}").here())
    again = mark_safe('<meta http-equiv="refresh" content="2;url=?again=1">')
    return _page(title.here(), brand, body, head=again if landing.state == "preparing" else "")


def _ready_page(landing: Landing, brand: str) -> str:
    title = (_ADD_ONE.fill(member=landing.member) if landing.member else _ADD).here()
    body = format_html(
        '<h1>{}</h1><img class="qr" id="qr" src="{}" alt="{}" referrerpolicy="no-referrer"><p>{}</p>',
        title,
        landing.qr_code_url,
        _ALT.here(),
        _HINT.here(),
    )
    embed = mark_safe('<script src="/c/embed.js" defer></script>')
    return _page(title, brand, body, foot=embed)


# Tells a page that shows this one in a frame where the code is, so that a simulated phone can "press" it.
EMBED_SCRIPT = (
    'var qr=document.getElementById("qr");'
    'if(qr&&window.parent!==window)window.parent.postMessage({type:"wecom-qr",url:qr.src},"*");'
)

_PROFILE = Text("完善您的资料", "Complete your profile")
_PROFILE_WHY = Text("留下手机号，我们就能认出您过去的订单。", "With your phone number we find your earlier orders.")
_NAME = Text("怎么称呼您", "Your name")
_PHONE = Text("手机号", "Phone number")
_AGREE = Text(
    "我同意 {brand} 使用我填写的姓名和手机号来识别会员身份、提供售后服务，我可以随时要求查询或删除。",
    "I agree that {brand} uses my name and phone number to recognise my membership and to serve me; I may ask to see "
    "or delete them at any time.",
)
_SUBMIT = Text("提交", "Send")
_THANKS = Text("谢谢，资料已收到", "Thank you, we have it")
_THANKS_MORE = Text("您可以关闭这个页面了。", "You may close this page now.")
_STALE = Text("链接已失效", "This link is no longer valid")
_STALE_MORE = Text("请向您的专属顾问索取新的链接。", "Please ask your contact for a new one.")


def profile_page(brand: str, *, name: str = "", phone: str = "", problem: str = "") -> str:
    wrong = format_html('<p class="wrong" role="alert">{}</p>', problem) if problem else ""
    body = format_html(
        "<h1>{}</h1><p>{}</p>{}"
        '<form method="post" autocomplete="on"><label for="name">{}</label>'
        '<input type="text" id="name" name="name" maxlength="50" autocomplete="name" value="{}">'
        '<label for="phone">{}</label><input type="tel" id="phone" name="phone" maxlength="20" required '
        'autocomplete="tel" inputmode="tel" value="{}">'
        '<label class="agree"><input type="checkbox" name="consent" value="yes" required><span>{}</span></label>'
        "<button>{}</button></form>",
        _PROFILE.here(),
        _PROFILE_WHY.here(),
        wrong,
        _NAME.here(),
        name,
        _PHONE.here(),
        phone,
        _AGREE.fill(brand=brand or "商家").here(),
        _SUBMIT.here(),
    )
    return _page(_PROFILE.here(), brand, body)


def thanks_page(brand: str) -> str:
    return _page(_THANKS.here(), brand, format_html("<h1>{}</h1><p>{}</p>", _THANKS.here(), _THANKS_MORE.here()))


def stale_page(brand: str) -> str:
    return _page(_STALE.here(), brand, format_html("<h1>{}</h1><p>{}</p>", _STALE.here(), _STALE_MORE.here()))
