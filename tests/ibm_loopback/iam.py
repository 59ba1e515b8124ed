"""The part of IBM Cloud that hands out bearer tokens, as far as the client looks at it."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time


class Iam:
    """Issues tokens for one API key.

    Attributes
    ----------
    lifetime : float
        Seconds a token issued from now on is valid. The client fetches a new one by itself when
        80 % of them, or all but 10 s, have gone.
    """

    def __init__(self, api_key: str) -> None:
        self.api_key = api_key
        self.lifetime = 3600.0
        self._lock = threading.Lock()
        self._valid_until: dict[str, float] = {}
        self._revoked: set[str] = set()

    def issue(self) -> dict[str, object]:
        """The answer to POST /identity/token."""
        now = time.time()
        claims = {"iat": int(now), "exp": int(now + self.lifetime), "sub": "loopback"}
        # The client decodes the token without checking the signature, so any will do.
        parts = [{"alg": "RS256", "typ": "JWT"}, claims]
        token = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        token += "." + _encoded(secrets.token_bytes(32))
        with self._lock:
            self._valid_until[token] = now + self.lifetime
        return {
            "access_token": token,
            "refresh_token": "not_supported",
            "token_type": "Bearer",
            "expires_in": int(self.lifetime),
            "expiration": claims["exp"],
            "scope": "ibm openid",
        }

    def accepts(self, authorization: str) -> bool:
        """Whether a request with this header may pass."""
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "apikey":
            # What the client sends, with a warning, if it could not get a token.
            return value == self.api_key
        with self._lock:
            expiry = self._valid_until.get(value, 0.0)
            return time.time() < expiry and value not in self._revoked

    def expire(self) -> None:
        """Refuse every token issued so far."""
        with self._lock:
            self._revoked.update(self._valid_until)

    def restore(self) -> None:
        """Accept tokens again that were refused before their time."""
        with self._lock:
            self._revoked.clear()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
