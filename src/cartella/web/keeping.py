"""What is kept of a person, and where: a patient's answers in their own browser, a clinician's record in memory.

A patient's answers are few and live in one cookie that only this server can read (encrypted and signed, Fernet) and
that the browser drops when it is closed; the server keeps nothing. A record is too large for that: it lies in this
process's memory under a random number, is forgotten half an hour after its last use, and is never written anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from cryptography.fernet import Fernet, InvalidToken

COOKIE = "cartella_answers"
RECORD_COOKIE = "cartella_record"
LONGEST_COOKIE = 3_800
"""Characters; browsers keep about 4,096 bytes with the name."""
KEPT_SECONDS = 2 * 60 * 60
IDLE_SECONDS = 30 * 60
MOST_RECORDS = 200
MOST_BYTES = 256 * 1024 * 1024
"""Bytes of all records together."""
_UNPACKED = 64 * 1024

Answers = dict[str, Any]
Kept = TypeVar("Kept")


class TooMuchError(Exception):
    """The answers do not fit into the cookie."""


class Sealer:
    """Seals answers into a cookie value and opens them again. Without a secret each start makes its own key."""

    def __init__(self, secret: str | None = None) -> None:
        key = base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()) if secret else Fernet.generate_key()
        self._fernet = Fernet(key)

    def seal(self, answers: Answers) -> str:
        """The cookie value. Raises TooMuchError for more than a cookie holds."""
        packed = zlib.compress(json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode(), 9)
        sealed = self._fernet.encrypt(packed).decode()
        if len(sealed) > LONGEST_COOKIE:
            raise TooMuchError
        return sealed

    def open(self, sealed: str) -> Answers | None:
        """The answers; None for a value that is too old, was made with another key, or is not ours."""
        try:
            packed = self._fernet.decrypt(sealed.encode(), ttl=KEPT_SECONDS)
            answers = json.loads(zlib.decompressobj().decompress(packed, _UNPACKED))
        except (InvalidToken, zlib.error, ValueError):
            return None
        return answers if isinstance(answers, dict) else None


class Records(Generic[Kept]):
    """Things in memory under a random number, each forgotten when it was not used for a while.

    Where there are too many, or they are too large together, those that were not used for longest go first.
    """

    def __init__(self, moment: Callable[[], float] = time.monotonic, most_bytes: int = MOST_BYTES) -> None:
        self._moment = moment
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, tuple[float, Kept, int]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, thing: Kept, number: str | None = None, size: int = 0) -> str:
        """Keep a thing of so many bytes under a new number, or in place of what `number` holds; answers the number."""
        with self._lock:
            self._forget_old()
            name = number if number is not None and number in self._kept else secrets.token_urlsafe(24)
            self._kept[name] = (self._moment(), thing, size)
            self._kept.move_to_end(name)
            while len(self._kept) > 1 and (len(self._kept) > MOST_RECORDS or self._size() > self._most_bytes):
                self._kept.popitem(last=False)
            return name

    def _size(self) -> int:
        return sum(size for _, _, size in self._kept.values())

    def get(self, number: str | None) -> Kept | None:
        """What lies there; asking for it keeps it longer."""
        with self._lock:
            self._forget_old()
            found = None if number is None else self._kept.get(number)
            if found is None or number is None:
                return None
            self._kept[number] = (self._moment(), found[1], found[2])
            self._kept.move_to_end(number)
            return found[1]

    def drop(self, number: str | None) -> None:
        """Forget it now."""
        with self._lock:
            self._kept.pop(number or "", None)

    def __len__(self) -> int:
        with self._lock:
            self._forget_old()
            return len(self._kept)

    def _forget_old(self) -> None:
        oldest = self._moment() - IDLE_SECONDS
        while self._kept and next(iter(self._kept.values()))[0] < oldest:
            self._kept.popitem(last=False)
