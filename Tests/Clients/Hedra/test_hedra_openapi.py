"""Schemathesis: requests made of the document of Hedra's interface get answers that keep to it, and never a 5xx."""

import pytest
import schemathesis
from hypothesis import settings
from hypothesis import strategies as st
from lipsmith import running_server
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = 40
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def hedra_server():
    """A server of its own: what is created here would keep the queue of the others busy."""
    with running_server("--attempts", "1") as server:
        yield server


@pytest.fixture(scope="module")
def hedra_document(hedra_server, media):
    """The document. Its addresses are those of the local web, so that no other is called."""
    addresses = [media.url(media.portrait), f"{media.web.url}/missing"]
    schemathesis.openapi.format("uri", st.sampled_from(addresses))
    project = ProjectConfig(generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True))
    config = SchemathesisConfig(seed=1, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_url(f"{hedra_server.url}/web-app/public/openapi.json", config=config)


schema = schemathesis.pytest.from_fixture("hedra_document")


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
def test_answers_keep_to_the_document(case, hedra_server):
    case.call_and_validate(
        base_url=hedra_server.url, headers={"x-api-key": hedra_server.key}, checks=CHECKS, timeout=30)
