"""Running the pages: one process, on this computer unless told otherwise."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from cartella.errors import UsageError, Where, Words
from cartella.web.app import create_app
from cartella.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve. `proxies`: addresses of reverse proxies whose word on scheme and client counts."""

    host: str = "127.0.0.1"
    port: int = 8000
    open_browser: bool = True
    proxies: str = "127.0.0.1"


def serve(desk: Desk, serving: Serving, say: Callable[[str], None]) -> None:
    """Serve until interrupted. `say` gets the address when it can be opened. Raises UsageError for a taken port."""
    listening = _listen(serving)
    address = f"http://{'localhost' if serving.host in ('127.0.0.1', '0.0.0.0') else serving.host}:{serving.port}/"
    say(address)
    if serving.open_browser:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    # no access log: which pages a person opens is nobody's business
    config = uvicorn.Config(
        create_app(desk),
        access_log=False,
        log_level="critical",
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=serving.proxies,
        limit_concurrency=200,
        timeout_keep_alive=15,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen(serving: Serving) -> socket.socket:
    try:
        return socket.create_server((serving.host, serving.port), reuse_port=False)
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or type(problem).__name__
        raise UsageError(
            Words("The pages cannot be served there.", "Le pagine non si possono servire lì."),
            where=Where(field=f"{serving.host}:{serving.port}"),
            why=Words(reason, reason),
            next_step=Words("Choose another port with --port.", "Scegliere un'altra porta con --port."),
        ) from None
