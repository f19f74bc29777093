"""Put first on the path of a Python program, this refuses every connection to another machine; see .ci/run."""

import socket
from typing import Any


def _refuse_networks(method: str) -> None:
    """Let `method` of sockets reach this machine only."""
    connect = getattr(socket.socket, method)

    def guarded(connection: socket.socket, address: Any) -> Any:
        here = isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1", "localhost")
        if connection.family in (socket.AF_INET, socket.AF_INET6) and not here:
            raise OSError(f"no network in this run: a connection to {address!r} was tried")
        return connect(connection, address)

    setattr(socket.socket, method, guarded)


_refuse_networks("connect")
_refuse_networks("connect_ex")
