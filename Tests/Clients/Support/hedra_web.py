"""Speaks to Hedra's interface of a running server as its simplest clients do."""

import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from lipsmith import JOB_SECONDS, Server

BASE = "/web-app/public"
CHARACTER = "d1dd37a3-e39a-4854-a298-6510289f9cf2"
MORPH = "0435547d-1b30-41ad-bf66-ca476ff0564e"
MOTION = "780d5b45-3b39-46a6-aa6e-30ffc2ac8723"
EXAMPLE_VOICE = "f412c62f-e94f-41c0-bfc6-97f63289941c"
STATUSES = ["queued", "processing", "finalizing", "complete", "error"]


@dataclass(frozen=True)
class Hedra:
    """A client with a key."""

    http: httpx.Client

    def asset(self, path: Path, kind: str) -> str:
        """Creates an asset and sends its file as the official starter does: a part without a type."""
        created = self.http.post("/assets", json={"name": path.name, "type": kind})
        assert created.status_code == 200, created.text
        asset_id = created.json()["id"]
        sent = self.http.post(f"/assets/{asset_id}/upload", files={"file": (path.name, path.read_bytes(), "")})
        assert sent.status_code == 200, sent.text
        return asset_id

    def order(self, body: dict) -> dict:
        """Orders a generation that is accepted."""
        reply = self.http.post("/generations", json=body)
        assert reply.status_code == 200, reply.text
        assert reply.elapsed.total_seconds() < 5
        return reply.json()

    def ended(self, generation_id: str, seconds: float = JOB_SECONDS) -> dict:
        """Polls until the generation has ended, and checks that it only goes forward."""
        deadline = time.monotonic() + seconds
        seen = {"status": "queued", "progress": 0.0}
        while True:
            reply = self.http.get(f"/generations/{generation_id}/status")
            assert reply.status_code == 200, reply.text
            status = reply.json()
            assert STATUSES.index(status["status"]) >= STATUSES.index(seen["status"])
            assert status["progress"] >= seen["progress"] and status["asset_id"]
            seen = status
            if status["status"] in {"complete", "error"}:
                return status
            assert time.monotonic() < deadline, f"still {status['status']} after {seconds} s"
            time.sleep(0.2)

    def completed(self, generation_id: str) -> dict:
        """The status of a generation that has ended well."""
        status = self.ended(generation_id)
        assert status["status"] == "complete" and status["progress"] == 1, status
        assert status["url"] and status["download_url"]
        return status

    def listed(self, kind: str, asset_id: str) -> dict:
        """An asset as the list shows it."""
        found = self.http.get("/assets", params={"type": kind, "ids": asset_id}).json()
        assert [asset["id"] for asset in found] == [asset_id]
        return found[0]


def client(server: Server) -> httpx.Client:
    """A plain client with a key; header names are written as many clients write them."""
    return httpx.Client(base_url=server.url + BASE, headers={"x-api-key": server.key}, timeout=60)
