"""Traces by OpenTelemetry: a request, the workers that go on with what it began, the entries of the ledger, as one.

Off unless ``ANYSHORE_TRACES`` names a collector (``http://127.0.0.1:4318``), to which spans go by OTLP over HTTP. What
an instance was begun by stands in a row beside it (``engine.Trace``), so that a worker, days later, goes on in
the same trace. Spans hold numbers, routes and types; nothing that stands in a case.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

from anyshore.base.errors import HostError
from anyshore.host import following
from anyshore.host.following import Tracer
from anyshore.host.hand import NO_WAIT
from anyshore.host.ports import LedgerRow
from anyshore.web.engine.models import Trace

Answer = Callable[[HttpRequest], HttpResponse]

_SPAN: ContextVar[Any] = ContextVar("_span", default=None)
"""The span of the instance or job in hand."""


class _OpenTelemetry(Tracer):
    """Tells a collector; see ``host.following``."""

    def __init__(self, endpoint: str, service: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as problem:
            raise HostError(
                "traces.no-opentelemetry", "Traces need OpenTelemetry.", hint="pip install 'anyshore[traces]'"
            ) from problem
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self.provider = TracerProvider(resource=Resource.create({"service.name": service}))
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self.provider.get_tracer("anyshore")

    def request(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        """Answers a request within a span; a trace that whoever asks has begun goes on."""
        from opentelemetry.trace import SpanKind

        given = _context(request.headers.get("traceparent", ""))
        with self._tracer.start_as_current_span(request.method or "", context=given, kind=SpanKind.SERVER) as span:
            response = answer(request)
            match = request.resolver_match
            route = match.route if match is not None else "(none)"
            span.update_name(f"{request.method} {route}")
            span.set_attributes({
                "http.request.method": request.method or "", "http.route": route,
                "http.response.status_code": response.status_code,
            })  # fmt: skip
            return response

    def parent(self) -> str:
        """See ``Tracer``."""
        from opentelemetry import trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        held = _SPAN.get()
        context = trace.set_span_in_context(held) if held is not None else None
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, context=context)
        return carrier.get("traceparent", "")

    def took(self, instance: int, wait: int) -> None:
        """See ``Tracer``. Within a request it is a part of that."""
        from opentelemetry import trace

        self.left()
        within = trace.get_current_span().get_span_context().is_valid
        name = "instance.advance" if wait == NO_WAIT else "job.run"
        facts = {"anyshore.instance": instance} | ({} if wait == NO_WAIT else {"anyshore.wait": wait})
        _SPAN.set(
            self._tracer.start_span(name, context=None if within else _context(_begun(instance)), attributes=facts)
        )

    def left(self) -> None:
        """See ``Tracer``."""
        span = _SPAN.get()
        if span is not None:
            span.end()
            _SPAN.set(None)

    def wrote(self, rows: Sequence[LedgerRow]) -> None:
        """See ``Tracer``. One span for the entries of an instance that are written together."""
        by_instance: dict[int, list[LedgerRow]] = {}
        for row in rows:
            if row.instance is not None:
                by_instance.setdefault(row.instance, []).append(row)
        for instance, found in by_instance.items():
            facts: dict[str, Any] = {
                "anyshore.instance": instance, "anyshore.engagement": found[0].engagement,
                "anyshore.ledger.sequences": [one.sequence for one in found],
                "anyshore.ledger.types": [one.type for one in found],
            }  # fmt: skip
            self._tracer.start_span("ledger.append", context=_context(_begun(instance)), attributes=facts).end()


def _begun(instance: int) -> str:
    return Trace.objects.filter(pk=instance).values_list("parent", flat=True).first() or ""


def _context(parent: str) -> Any:
    """The context a trace goes on in; a new trace where nothing is given."""
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": parent} if parent else {}, context=Context())


def start(service: str, endpoint: str | None = None) -> bool:
    """Follows what this process does, if a collector is named; whether it does.

    Args:
        service: what this process is called: ``anyshore-web``, ``anyshore-worker``.
        endpoint: where the collector is; None: as the environment says.

    Raises:
        HostError: the libraries are not installed.
    """
    found = os.environ.get("ANYSHORE_TRACES", "") if endpoint is None else endpoint
    if found:
        following.use(_OpenTelemetry(found, service))
    return bool(found)


def stop() -> None:
    """Sends what is left, and follows nothing more."""
    used = following.tracer()
    if isinstance(used, _OpenTelemetry):
        following.use(Tracer())
        used.provider.shutdown()


def traced(answer: Answer) -> Answer:
    """Follows each request where a collector is named."""

    def middleware(request: HttpRequest) -> HttpResponse:
        used = following.tracer()
        return used.request(request, answer) if isinstance(used, _OpenTelemetry) else answer(request)

    return middleware
