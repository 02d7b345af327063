"""wechatpy's client, pointed at any base address, with time-outs, the stable token and one bounded refresh.

Imported only where a call is made: wechatpy brings two dozen modules that a page view does not need.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from wechatpy.client import WeChatClient
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.exceptions import WeChatClientException

from integrations.transport import timeouts
from integrations.wechat.tokens import TokenStore

STALE_TOKEN = frozenset({40001, 40014, 42001})
_TOKEN_FIELDS = ("access_token", "expires_in")


class TokenRefused(Exception):
    """The platform gave no access token; `errcode` is its reason, None when there was no usable answer."""

    def __init__(self, errcode: int | None) -> None:
        super().__init__(f"no access token: {errcode}")
        self.errcode = errcode


class MiniProgramClient(WeChatClient):  # type: ignore[misc]  # the vendor carries no types
    """`path` arguments begin with "/" and are joined to `base_url`; errors are wechatpy's and requests' own."""

    def __init__(self, base_url: str, appid: str, secret: str, tokens: TokenStore, timeout: float) -> None:
        super().__init__(appid, secret, timeout=timeouts(timeout), auto_retry=False)
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self.API_BASE_URL = f"{self._base_url}/cgi-bin/"
        self._rebase(self)

    def _rebase(self, holder: object) -> None:
        """Each API object carries an address of its own, and some carry further API objects."""
        for api in [part for part in vars(holder).values() if isinstance(part, BaseWeChatAPI)]:
            if getattr(api, "API_BASE_URL", None):
                api.API_BASE_URL = self._base_url + urlsplit(api.API_BASE_URL).path
            self._rebase(api)

    def ask(self, path: str, **params: str) -> Any:
        """GET without an access token (requests leaves out a parameter that is None)."""
        return super()._request("get", self._base_url + path, params={**params, "access_token": None})

    def look(self, path: str) -> Any:
        """GET with the access token."""
        return self.get(self._base_url + path)

    def tell(self, path: str, body: dict[str, Any]) -> Any:
        """POST `body` as JSON with the access token; an image comes back as the response object."""
        return self.post(self._base_url + path, data=body, headers={"Content-Type": "application/json"})

    @property
    def access_token(self) -> str:
        """The kept token, or a new one; one thread fetches while the others wait for it."""
        if token := self._tokens.get():
            return token
        with self._tokens.lock:
            return self._tokens.get() or self.fetch_access_token()

    def fetch_access_token(self) -> str:
        """Ask for the stable token and keep it; raises `TokenRefused`."""
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        try:
            answer = super()._request(
                "post", f"{self._base_url}/cgi-bin/stable_token", params={"access_token": None}, data=body
            )
        except WeChatClientException as error:
            raise TokenRefused(error.errcode) from None
        except requests.RequestException:
            raise TokenRefused(None) from None
        token, seconds = (answer.get(name) if isinstance(answer, dict) else None for name in _TOKEN_FIELDS)
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise TokenRefused(None)
        self._tokens.put(token, seconds)
        return token

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """One call, and once more with a new token when the platform says that ours is no longer good."""
        params = dict(kwargs.pop("params", {}))
        if "access_token" in params:
            return super()._request(method, url_or_endpoint, params=params, **kwargs)
        token = self.access_token
        try:
            return super()._request(method, url_or_endpoint, params={**params, "access_token": token}, **kwargs)
        except WeChatClientException as error:
            if error.errcode not in STALE_TOKEN:
                raise
        self._tokens.drop(token)
        return super()._request(method, url_or_endpoint, params={**params, "access_token": self.access_token}, **kwargs)
