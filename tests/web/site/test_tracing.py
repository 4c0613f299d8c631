"""One trace follows an instance from the request through the worker and its tasks into the ledger."""

from __future__ import annotations

import gzip
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.web.conftest import PAYABLES

from anyshore.host import following
from anyshore.web.engine.models import Instance, Trace
from anyshore.web.retention import erasing
from anyshore.web.site import tracing


class Collector:
    """Takes spans by OTLP over HTTP, as a collector does."""

    def __init__(self) -> None:
        taken = self.taken = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                taken.append((self.path, ExportTraceServiceRequest.FromString(body)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def spans(self) -> list[Any]:
        """All that came, in the order in which they ended."""
        return [
            one for _path, request in self.taken for resource in request.resource_spans
            for scope in resource.scope_spans for one in scope.spans
        ]  # fmt: skip

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()
    yield found
    tracing.stop()
    found.close()


def facts(span: Any) -> dict[str, Any]:
    kinds = {"int_value", "string_value", "array_value"}
    return {one.key: getattr(one.value, next(k for k in kinds if one.value.HasField(k))) for one in span.attributes}


def test_a_trace_follows_an_instance_into_the_ledger(world: Any, collector: Collector) -> None:
    assert tracing.start("anyshore-test", collector.address)
    content = (PAYABLES / "samples" / "04-no-order-ubl.xml").read_bytes()
    file = {"name": "T-1.xml", "content": b64encode(content).decode()}
    asked = {"service": "payables", "documents": [file]}
    answer = world.browser("manager").post("/api/engagements/payables/work", asked, content_type="application/json")
    assert answer.status_code == 201, answer.content
    number = Instance.objects.get().pk
    world.host.work()
    tracing.stop()
    assert {path for path, _ in collector.taken} == {"/v1/traces"}
    spans = collector.spans()
    (asking,) = [one for one in spans if one.name == "POST api/engagements/<key>/work"]
    assert facts(asking)["http.response.status_code"] == 201
    mine = [one for one in spans if facts(one).get("anyshore.instance") == number]
    assert {"instance.advance", "job.run", "ledger.append"} <= {one.name for one in mine}
    assert {one.trace_id for one in mine} == {asking.trace_id}, "one trace"
    known = {one.span_id for one in spans}
    assert all(one.parent_span_id in known for one in mine), "each hangs on what began it"
    told = [
        one.string_value
        for span in mine
        if span.name == "ledger.append"
        for one in facts(span)["anyshore.ledger.types"].values
    ]
    assert "instance.started" in told
    assert "T-1" not in str(spans), "nothing that stands in a case"


def test_a_trace_somebody_began_goes_on_here(world: Any, collector: Collector) -> None:
    tracing.start("anyshore-test", collector.address)
    given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert world.browser("manager").get("/work/", headers={"traceparent": given}).status_code == 200
    tracing.stop()
    (span,) = collector.spans()
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (given[3:35], given[36:52])


def test_off_by_default_nothing_is_kept(world: Any) -> None:
    number = world.start("08-not-xml.xml")
    assert not isinstance(following.tracer(), tracing._OpenTelemetry)
    assert not tracing.start("anyshore-test")
    assert not Trace.objects.exists()
    assert erasing.ended("payables", 0) == []
    assert number
