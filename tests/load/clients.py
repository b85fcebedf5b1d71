"""A load of keep-alive connections that costs the machine little: it shares the server's cores."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Answers:
    """What a run of requests brought: seconds for each, and how many were not 200."""

    wall_seconds: float = 0.0
    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    first_error: bytes = b""

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return (len(self.seconds) - self.errors) / self.wall_seconds

    def percentile(self, share: float) -> float:
        """Seconds within which that share was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request_bytes(path: str, token: str, body: bytes) -> bytes:
    """One POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """Sends its requests one after another on one connection."""

    def __init__(self, requests: Sequence[bytes], start: asyncio.Event, answers: Answers) -> None:
        self._requests = requests
        self._start = start
        self._answers = answers
        self._next = 0
        self._sent_at = 0.0
        self._received = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    async def run(self) -> None:
        """Wait for the start, then send everything."""
        await self._start.wait()
        self._send()
        await self.done

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(self._requests[self._next])

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, ended, body = self._received.partition(b"\r\n\r\n")
        if not ended:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        self._received = body[length:]
        self._note(head, body)
        self._next += 1
        if self._next < len(self._requests):
            self._send()
        else:
            self._transport.close()
            self.done.set_result(None)

    def _note(self, head: bytes, body: bytes) -> None:
        self._answers.seconds.append(time.perf_counter() - self._sent_at)
        is_good = head.startswith(b"HTTP/1.1 200") and b'"refused":[{' not in body
        if not is_good:
            self._answers.errors += 1
            self._answers.first_error = self._answers.first_error or head[:40] + body[:300]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            missing = len(self._requests) - self._next
            self._answers.errors += missing
            self._answers.seconds += [time.perf_counter() - self._sent_at] * missing
            self._answers.first_error = self._answers.first_error or repr(exc).encode()
            self.done.set_result(None)


async def load(port: int, per_connection: Sequence[Sequence[bytes]]) -> Answers:
    """Open a connection for each list of requests, then send all at the same moment."""
    answers, start = Answers(), asyncio.Event()
    loop = asyncio.get_running_loop()
    connections = []
    for requests in per_connection:
        _, connection = await loop.create_connection(
            lambda requests=requests: _Connection(requests, start, answers), "127.0.0.1", port
        )
        connections.append(connection)
    running = [asyncio.create_task(connection.run()) for connection in connections]
    await asyncio.sleep(0.2)
    began = time.perf_counter()
    start.set()
    await asyncio.gather(*running)
    answers.wall_seconds = time.perf_counter() - began
    return answers
