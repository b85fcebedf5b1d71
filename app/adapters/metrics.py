"""Numbers about the service for Prometheus, on a port of the loopback; none about people.

No label says who, which workshop, or which address: only the kind of request and its status.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """What one process counts."""

    def __init__(self, gauges: dict[str, tuple[str, Callable[[], float]]]) -> None:
        """`gauges`: name -> what it says, and how it is asked for when somebody looks."""
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "tafawut_answers", "Requests that were answered.", ("kind", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "tafawut_answer_seconds", "How long they took until their first byte.", ("kind",),
            registry=self._registry, buckets=_SECONDS,
        )  # fmt: skip
        for name, (says, ask) in gauges.items():
            Gauge(f"tafawut_{name}", says, registry=self._registry).set_function(ask)

    def count(self, path: str, status: int, seconds: float) -> None:
        """One request was answered."""
        kind = _kind_of(path)
        self._answers.labels(kind, str(status)).inc()
        self._seconds.labels(kind).observe(seconds)

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Listen until the returned call; raises OSError when the port is taken."""
        server, thread = start_http_server(port, addr=host, registry=self._registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join(1)

        return stop


def _kind_of(path: str) -> str:
    if path.startswith("/api/"):
        return "save" if path.endswith("/operations") else "api"
    return "static" if path.startswith("/static/") else "page"
