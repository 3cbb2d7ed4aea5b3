"""A browser as the server sees it: keeps cookies, sends the CSRF header as the console does."""

import json
from importlib import import_module
from typing import Any

from django.conf import settings
from django.test import Client

from conftest import PASSWORD


class Browser:
    """Nobody is signed in at first. `token` overrides the CSRF header."""

    def __init__(self, language: str = "en", **headers: str) -> None:
        sent = {"accept-language": language} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.client = Client(enforce_csrf_checks=True, headers=sent)
        self.cookies = self.client.cookies

    def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> Any:
        self.get("/session")
        return self.post("/session", {"username": username, "password": password} | more)

    def plant_session(self) -> None:
        """What an attacker can have without an account: a session of the server, kept by key."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session["planted"] = True
        session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api{path}", query_params=query or None)

    def post(self, path: str, body: object = None, *, token: str | None = None) -> Any:
        return self._send("POST", path, body, token)

    def patch(self, path: str, body: object = None, *, token: str | None = None) -> Any:
        return self._send("PATCH", path, body, token)

    def delete(self, path: str, body: object = None, *, token: str | None = None) -> Any:
        return self._send("DELETE", path, body, token)

    def _send(self, method: str, path: str, body: object, token: str | None) -> Any:
        if token is None:
            kept = self.cookies.get(settings.CSRF_COOKIE_NAME)
            token = kept.value if kept else ""
        return self.client.generic(
            method,
            f"/api{path}",
            data=json.dumps({} if body is None else body),
            content_type="application/json",
            headers={"x-csrftoken": token},
        )
