"""A page in a browser sends a file to an upload address: what the browser asks, and what it may read."""

import time

import httpx
from lipsmith import running_server

PAGE = "https://studio.example"


def test_a_page_may_send_a_file_where_the_operator_allows_it(media):
    content = media.portrait.read_bytes()
    with running_server("--cors-origins", PAGE) as server, server.client() as api:
        announced = api.post("/v2/assets/upload", json={
            "fileName": "face.png", "contentType": "image/png", "size": len(content)}).json()
        asked = httpx.options(announced["uploadUrl"], headers={
            "Origin": PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"})
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == PAGE
        assert "PUT" in asked.headers["access-control-allow-methods"]
        assert asked.headers["access-control-allow-headers"] == "content-type"
        sent = httpx.put(announced["uploadUrl"], content=content, headers={
            "Origin": PAGE, "Content-Type": "image/png"})
        assert sent.status_code == 200 and sent.headers["access-control-allow-origin"] == PAGE
        forged = httpx.put(announced["uploadUrl"] + "x", content=b"", headers={"Origin": PAGE})
        assert forged.status_code == 403 and forged.headers["access-control-allow-origin"] == PAGE
        # Hedra's interface has an upload address, too.
        made = api.post("/web-app/public/assets", json={"name": "clip.mp4", "type": "video"}).json()
        asked = httpx.options(made["upload_url"], headers={"Origin": PAGE, "Access-Control-Request-Method": "PUT"})
        assert asked.status_code == 204 and "PUT" in asked.headers["access-control-allow-methods"]
        other = httpx.options(announced["uploadUrl"], headers={
            "Origin": "https://other.example", "Access-Control-Request-Method": "PUT"})
        assert other.status_code == 405 and "access-control-allow-origin" not in other.headers
        # The data folder can be removed once nothing is compiled into it any more.
        deadline = time.monotonic() + 60
        while "networks_" not in server.log.read_text():
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.1)


def test_no_page_may_unless_the_operator_says_so(api):
    asked = api.options("/v2/generate", headers={"Origin": PAGE, "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 405
    assert "access-control-allow-origin" not in api.get("/v2/models", headers={"Origin": PAGE}).headers
