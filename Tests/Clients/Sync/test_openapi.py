"""Schemathesis: requests made of the public documents get answers that keep to them, and never a 5xx."""

import httpx
import pytest
import schemathesis
from hypothesis import settings
from hypothesis import strategies as st
from lipsmith import completed, running_server
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = 8
HEDRA_EXAMPLES = 40
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def fuzzed_server():
    """A server of its own: what is created here would keep the queue of the others busy."""
    with running_server("--attempts", "1") as server:
        yield server


@pytest.fixture(scope="module")
def hedra_server():
    """Another one for Hedra's document, which makes many more requests."""
    with running_server("--attempts", "1") as server:
        yield server


@pytest.fixture(scope="module")
def own_server():
    """And one for Lipsmith's own document."""
    with running_server("--attempts", "1") as server:
        yield server


def load(url: str, examples: int, addresses: list[str]):
    """A document. Its addresses are those of the local web, so that no other is called."""
    schemathesis.openapi.format("uri", st.sampled_from(addresses))
    project = ProjectConfig(generation=GenerationConfig(max_examples=examples, deterministic=True))
    config = SchemathesisConfig(seed=1, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_url(url, config=config)


@pytest.fixture(scope="module")
def document(fuzzed_server, media):
    """Sync's document."""
    addresses = [item["url"] for item in media.inputs()] + [f"{media.web.url}/missing"]
    return load(f"{fuzzed_server.url}/api-json", EXAMPLES, addresses)


@pytest.fixture(scope="module")
def hedra_document(hedra_server, media):
    """Hedra's document."""
    addresses = [media.url(media.portrait), f"{media.web.url}/missing"]
    return load(f"{hedra_server.url}/web-app/public/openapi.json", HEDRA_EXAMPLES, addresses)


@pytest.fixture(scope="module")
def own_document(own_server, media):
    """Lipsmith's own document."""
    addresses = [item["url"] for item in media.inputs()] + [f"{media.web.url}/missing"]
    return load(f"{own_server.url}/v1/openapi.json", EXAMPLES, addresses)


@pytest.fixture(scope="module")
def v3_server():
    """And one for Hedra's API v3."""
    with running_server("--attempts", "1", "--rate-limit", "0") as server:
        yield server


@pytest.fixture(scope="module")
def v3_document(v3_server, media):
    """The document of Hedra's API v3."""
    addresses = [media.url(media.portrait), f"{media.web.url}/missing"]
    return load(f"{v3_server.url}/v3/openapi.json", HEDRA_EXAMPLES, addresses)


def check(case, server):
    """Sends a request and checks the answer against the document."""
    case.call_and_validate(base_url=server.url, headers={"x-api-key": server.key}, checks=CHECKS, timeout=30)


schema = schemathesis.pytest.from_fixture("document")
hedra_schema = schemathesis.pytest.from_fixture("hedra_document")
# One is a stream that never ends, the other refuses in Sync's words.
own_schema = schemathesis.pytest.from_fixture("own_document").exclude(
    path=["/v1/events", "/v1/generations/{id}/cancel"]
)


v3_schema = schemathesis.pytest.from_fixture("v3_document")


@v3_schema.parametrize()
@settings(max_examples=HEDRA_EXAMPLES, deadline=None, derandomize=True, database=None)
def test_v3_answers_keep_to_the_document(case, v3_server):
    # A path may name any key, also the one that is used here.
    if case.operation.method.upper() == "DELETE" and "{id}" in case.operation.path and "keys" in case.operation.path:
        case.path_parameters = {"id": "00000000-0000-4000-8000-000000000000"}
    check(case, v3_server)


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def test_answers_keep_to_the_document(case, fuzzed_server):
    check(case, fuzzed_server)


@hedra_schema.parametrize()
@settings(max_examples=HEDRA_EXAMPLES, deadline=None, derandomize=True, database=None)
def test_hedra_answers_keep_to_the_document(case, hedra_server):
    check(case, hedra_server)


@own_schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def test_own_answers_keep_to_the_document(case, own_server):
    check(case, own_server)


def test_v3_successes_keep_to_the_document(v3_server, v3_document, media):
    """A job of Hedra's API v3 from its files to its end, with what can be asked of it."""
    keyed = httpx.Client(
        base_url=v3_server.url, headers={"Authorization": f"Bearer {v3_server.key}"}, timeout=60)

    def call(method: str, path: str, status: int = 200, names: dict = {}, **options):
        reply = keyed.request(method, path.format(**names), **options)
        assert reply.status_code == status, reply.text
        v3_document[path][method].validate_response(reply)
        return reply

    image, voice = (
        keyed.post("/v3/files", files={"file": ("a", path.read_bytes())}).json()["url"]
        for path in (media.portrait, media.speech_2))
    body = {
        "input": {
            "prompt": "calm", "aspect_ratio": "1:1", "resolution": "540p",
            "start_image": {"source": "url", "url": image}, "audio": {"source": "url", "url": voice}},
        "webhook": media.web.make_hook("v3-document")}
    model = {"names": {"id": "hedra-character-3"}}
    call("POST", "/v3/models/{id}/estimate", json=body, **model)
    job = call("POST", "/v3/models/{id}", 202, json=body, **model).json()
    of_job = {"names": {"id": job["job_id"]}}
    assert "[STREAM_DONE]" in call("GET", "/v3/jobs/{id}/stream", **of_job).text
    assert call("GET", "/v3/jobs/{id}", **of_job).json()["status"] == "COMPLETED"
    call("GET", "/v3/jobs/{id}/status", params={"logs_after": "start"}, **of_job)
    call("GET", "/v3/jobs/{id}/logs", **of_job)
    for path in ("/v3/jobs", "/v3/models", "/v3/balance", "/v3/usage", "/v3/transactions", "/v3/keys", "/v3/log-drains",
                 "/v3/webhooks/public-key", "/v3/webhooks/default", "/v3/webhooks/deliveries"):
        call("GET", path)
    call("GET", "/v3/models/{id}", **model)
    call("GET", "/v3/models/{id}/jobs", **model)
    call("GET", "/v3/models/{id}/voices", names={"id": "elevenlabs-v3"})
    call("GET", "/v3/models/{id}/voices/search", names={"id": "elevenlabs-v3"}, params={"q": "slt"})
    key = call("POST", "/v3/keys", 201, json={"name": "other"}).json()
    of_key = {"names": {"id": key["key_id"]}}
    call("POST", "/v3/keys/{id}/rotate", json={}, **of_key)
    call("DELETE", "/v3/keys/{id}", 204, **of_key)
    call("POST", "/v3/tokens", 201, json={})
    call("PUT", "/v3/webhooks/default", json={"url": media.web.make_hook("v3-other")})
    call("POST", "/v3/webhooks/default/test")
    call("DELETE", "/v3/webhooks/default", 204)
    keyed.close()


def test_own_successes_keep_to_the_document(own_server, own_document, media):
    """A generation of our own interface from its order to its end, with what can be asked of it."""
    keyed = own_server.client()

    def call(method: str, path: str, status: int = 200, names: dict = {}, **options):
        reply = keyed.request(method, path.format(**names), **options)
        assert reply.status_code == status, reply.text
        own_document[path][method].validate_response(reply)
        return reply

    video, audio = (item["url"] for item in media.inputs())
    order = {"model": "lipsync-1.9.0-beta", "video": {"url": video}, "audio": {"url": audio}, "name": "First take"}
    plan = call("POST", "/v1/generations", params={"dryRun": True}, json=order).json()
    assert plan["isValid"] and plan["outputSeconds"] > 0
    project = call("POST", "/v1/projects", 201, json={"name": "film"}).json()
    generation = call("POST", "/v1/generations", 201, json=order | {"project": project["id"]}).json()
    assert generation["order"]["video"] == {"url": video}
    names = {"id": generation["id"]}
    # The stream ends by itself, with the generation as it has become.
    events = call("GET", "/v1/generations/{id}/events", names=names, timeout=120).text.split("\n\n")
    last = [event for event in events if event.startswith("event: generation")][-1]
    assert '"status":"completed"' in last
    made = call("GET", "/v1/generations/{id}", names=names).json()
    for link in ("url", "downloadUrl", "thumbnailUrl"):
        if made["output"][link]:
            assert httpx.get(made["output"][link]).status_code == 200
    found = call("GET", "/v1/generations", params={"search": "FIRST", "status": "completed"}).json()
    assert [item["id"] for item in found["items"]] == [generation["id"]]
    for path in ("/v1/choices", "/v1/voices", "/v1/projects"):
        call("GET", path)
    call("DELETE", "/v1/generations/{id}", 204, names=names)
    call("DELETE", "/v1/projects/{id}", 204, names={"id": project["id"]})
    keyed.close()


def test_successes_keep_to_the_document(fuzzed_server, document, media):
    """What random requests hardly reach: each kind of success, checked against the document."""
    keyed = fuzzed_server.client()

    def call(method: str, path: str, status: int = 200, client: httpx.Client = keyed, names: dict = {}, **options):
        reply = client.request(method, path.format(**names), **options)
        assert reply.status_code == status, reply.text
        document[path][method].validate_response(reply)
        return reply

    body = {"model": "lipsync-1.9.0-beta", "input": media.inputs(), "options": {"sync_mode": "loop"}}
    generation = call("POST", "/v2/generate", 201, json=body).json()
    hopeless = body | {"input": media.hopeless_inputs()}
    rows = [{"request_id": f"r{number}", "endpoint": "/v2/generate", "payload": hopeless} for number in range(20)]
    call("POST", "/v2/batch", json={"rows": rows, "dry_run": True})
    call("POST", "/v2/analyze/cost", json=body)
    call("POST", "/v2/generations/estimate", json={"model": "sync-3", "duration": 1.5})
    call("POST", "/v2/generate/estimate-cost", json=body)

    project = call("POST", "/v2/projects", 201, json={"name": "film"}).json()
    in_project = {"names": {"id": project["id"]}}
    call("GET", "/v2/projects/{id}", **in_project)
    call("PATCH", "/v2/projects/{id}", json={"description": None, "defaultWorkflow": "lipsync"}, **in_project)
    asset = call("POST", "/v2/assets", 201, json={"url": media.url(media.video_2), "type": "VIDEO"}).json()
    of_asset = {"names": {"id": asset["id"]}}
    call("POST", "/v2/projects/{id}/assets", 204, json={"assetId": asset["id"]}, **in_project)
    call("GET", "/v2/assets", params={"projectId": project["id"]})
    call("GET", "/v2/assets/{id}", **of_asset)
    call("GET", "/v2/assets/{id}/download", **of_asset)
    call("PATCH", "/v2/assets/{id}", json={"name": "clip", "visibility": "ORGANIZATION"}, **of_asset)
    call("POST", "/v2/assets/batch", json={"ids": [asset["id"]]})
    call("DELETE", "/v2/assets/{id}", **of_asset)
    call("GET", "/v2/projects")
    call("DELETE", "/v2/projects/{id}", **in_project)

    text = {"script": "Hello.", "voiceId": "flite-slt"}
    call("GET", "/v2/voices")
    call("GET", "/v2/voices/{id}", names={"id": "flite-slt"})
    call("POST", "/v2/tts", json=text)
    job = call("POST", "/v2/tts/jobs", 202, json=text).json()
    call("GET", "/v2/tts/jobs/{id}", names={"id": job["id"]})

    completed(keyed, generation["id"])
    of_generation = {"names": {"id": generation["id"]}}
    call("GET", "/v2/generate/{id}", params={"include": "progress"}, **of_generation)
    call("GET", "/v2/generate/{id}", params={"wait": True, "timeout": 1}, **of_generation)
    call("GET", "/v2/generations/{id}", **of_generation)
    call("GET", "/v2/generations/{id}/download", **of_generation)
    call("GET", "/v2/generations")
    call("GET", "/v2/generations/count")
    call("DELETE", "/v2/generations/{id}", **of_generation)
    batch = call("POST", "/v2/batch", 201, json={"rows": rows}).json()
    call("GET", "/v2/batch/{id}", names={"id": batch["id"]})
    call("GET", "/v2/batch")
    keyed.close()
