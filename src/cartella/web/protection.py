"""What every answer and every request must satisfy: headers, size, origin, rate. Plain ASGI, around all pages.

* No page may load, run or send anything but what this server itself serves (content security policy without inline
  parts), be framed, or tell others where the person came from.
* A form that comes from another site is refused: the browser says so itself (`Sec-Fetch-Site`, else `Origin`), and the
  cookie is `SameSite=Strict` besides. This needs no token in the page, so that no page grows stale.
* Bodies are limited as they come in, whatever the header says. Each address may send so many requests a minute.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=(), browsing-topics=()",
}
LARGEST_BODY = 8 * 2**20
"""Bytes of a request, as sent."""
_CLIENTS = 10_000


class Protection:
    """Wraps the pages. `refused` makes the page for a request that is not let through: status to ASGI application."""

    def __init__(
        self,
        app: App,
        refused: Callable[[int, str], App],
        per_minute: int = 240,
        largest_body: int = LARGEST_BODY,
        moment: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self.refused, self.per_minute, self.largest = app, refused, per_minute, largest_body
        self.moment = moment
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secure = scope.get("scheme") == "https"
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_headers(message.get("headers", []), secure)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await self.refused(refusal, scope["path"])(scope, receive, sending)
            return
        limited = _Limited(receive, self.largest)
        try:
            await self.app(scope, limited.receive, sending)
        except Exception:
            # the page of the defect is sent by now; what the server would log of it may quote a record
            if not started:
                await self.refused(500, scope["path"])(scope, receive, sending)

    def _refusal(self, scope: Scope) -> int | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._within_rate(str((scope.get("client") or ("",))[0])):
            return 429
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and _from_elsewhere(headers):
            return 403
        length = headers.get("content-length", "0")
        return 413 if not length.isdigit() or int(length) > self.largest else None

    def _within_rate(self, client: str) -> bool:
        """A bucket that fills by `per_minute` in a minute and holds as many; the longest unseen client is forgotten."""
        now = self.moment()
        level, seen = self._buckets.pop(client, (float(self.per_minute), now))
        level = min(float(self.per_minute), level + (now - seen) * self.per_minute / 60)
        allowed = level >= 1
        self._buckets[client] = (level - 1 if allowed else level, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return allowed


class _Limited:
    """Receives a body up to a limit."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self._left = receive, largest

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413)  # which the pages answer as they answer every other
        return message


def _from_elsewhere(headers: dict[str, str]) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _with_headers(given: list[tuple[bytes, bytes]], secure: bool) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _ in given}
    more = dict(HEADERS)
    more.setdefault("cache-control", "no-store")
    if secure:
        more["strict-transport-security"] = "max-age=31536000"
    added = [(k.encode(), v.encode()) for k, v in more.items() if k.encode() not in names]
    return [*given, *added]
