"""A browser signs in to a running server by the link that it prints, and by those of `lipsmith studio-link`."""

import json
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from lipsmith import PROGRAM, Server, _stop, start


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="lipsmith-sessions-") as path:
        yield Path(path)


@pytest.fixture(scope="module")
def served(folder):
    """A server, and the line that it prints after its address."""
    process, key, url = start(folder, "--shutdown-seconds", "1")
    try:
        yield Server(url=url, key=key, process=process, log=folder / "log"), process.stdout.readline().rstrip("\n")
    finally:
        _stop(process)


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [PROGRAM, arguments[0], "--data", folder / "data", *arguments[1:]], capture_output=True, text=True)


@contextmanager
def signed_in(url: str, link: str):
    """A browser that has opened a link, on a page of the server."""
    with httpx.Client(base_url=url, headers={"Origin": url, "User-Agent": "Browser"}, timeout=30) as browser:
        opened = browser.post("/v1/sessions", json={"token": link.partition("#enter=")[2]})
        assert opened.status_code == 201, opened.text
        field = opened.headers["set-cookie"]
        assert "HttpOnly" in field and "SameSite=Strict" in field and "Secure" not in field
        yield browser


def test_the_printed_link_signs_an_operator_in_once(served):
    server, line = served
    assert line.startswith(f"Open the studio: {server.url}/studio#enter=")
    link = line.removeprefix("Open the studio: ")
    with signed_in(server.url, link) as browser:
        caller = browser.get("/v1/session").json()
        assert caller["role"] == "operator" and caller["organisation"]["name"] == "default"
        assert caller["session"]["client"] == "Browser" and caller["session"]["isCurrent"] is True
        overview = browser.get("/v1/operator/overview").json()
        assert overview["jobs"] == {"waiting": 0, "running": 0} and overview["nodes"][0]["isLocal"] is True
        settings = {row["name"]: row for row in browser.get("/v1/operator/settings").json()["items"]}
        assert settings["port"]["value"] == "0" and settings["port"]["isSet"] is True
        refused = httpx.post(f"{server.url}/v1/sessions", json={"token": link.partition("#enter=")[2]})
        assert refused.status_code == 401 and refused.json()["error"]["code"] == "sign-in-link-invalid"
        assert browser.delete("/v1/session").status_code == 204
        assert "lipsmith_session" not in browser.cookies
        assert browser.get("/v1/session").status_code == 401


def test_cookies_count_in_lipsmiths_own_interface_alone(served, folder):
    server, _ = served
    made = command(folder, "studio-link", "--member", "--base", server.url + "/")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"{server.url}/studio#enter=") and made.stdout.count("\n") == 1
    with signed_in(server.url, made.stdout.strip()) as browser:
        assert browser.get("/v1/session").json()["role"] == "member"
        assert browser.get("/v1/operator/overview").status_code == 403
        cancelled = browser.post("/v1/generations/6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d/cancel")
        assert cancelled.status_code == 404
        foreign = {"Origin": "https://other.example"}
        path = "/v1/generations/6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d/cancel"
        assert browser.post(path, headers=foreign, json={}).status_code == 403
        assert browser.post("/v1/audio/speech", json={"input": "a", "voice": "b"}).status_code == 401
        for path in ("/v1/models", "/v1/audio/voices", "/v2/projects", "/v2/generations", "/web-app/public/assets"):
            assert browser.get(path).status_code == 401


def test_links_are_made_for_where_the_server_is_reached(folder, served):
    server, _ = served
    for arguments, base in [
        # The port was chosen when the server started, which noted it.
        ((), server.url), (("--base", "https://lips.example/a/"), "https://lips.example/a"),
    ]:
        made = command(folder, "studio-link", *arguments)
        assert made.stdout.startswith(f"{base}/studio#enter="), made.stderr
    for base in ("lips.example", "ftp://lips.example", "https://lips.example/#a", "https://lips.example/?a"):
        assert command(folder, "studio-link", "--base", base).returncode == 2
    nowhere = command(folder / "nowhere", "studio-link")
    assert nowhere.returncode == 2 and not (folder / "nowhere").exists()


def test_keys_of_operators_are_made_and_listed_as_such(served, folder):
    server, _ = served
    key = command(folder, "keys", "create", "--operator", "--name", "chief").stdout.strip()
    assert httpx.get(f"{server.url}/v1/operator/keys", headers={"x-api-key": key}).status_code == 200
    assert httpx.get(f"{server.url}/v1/operator/keys", headers={"x-api-key": server.key}).status_code == 403
    listed = command(folder, "keys", "list", "--json").stdout
    roles = {row["name"]: row["role"] for row in map(json.loads, listed.splitlines())}
    assert roles["chief"] == "operator" and roles["first"] == "member"
    assert "ROLE" in command(folder, "keys", "list").stdout.splitlines()[0]
