from django.apps import AppConfig


class WeComConfig(AppConfig):
    name = "yutang.channels.wecom"
    label = "wecom"

    def ready(self) -> None:
        from yutang.channels.wecom import forgetting  # noqa: F401 - registers what erasure has to reach
        from yutang.channels.wecom.sign_in import SignInWithWeCom
        from yutang.organization.signin import offer_sign_in

        offer_sign_in(SignInWithWeCom())
