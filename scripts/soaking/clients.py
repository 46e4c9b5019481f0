"""Clients that order jobs and follow them to their ends, and one that reads."""

import hashlib
import json
import random
import time
import uuid

from .http import BROKEN, Reply, form, persistently, send
from .ledger import Job, Ledger
from .server import Server
from .web import Web

# After the load has ended a job may take so long, in seconds: leases run out, attempts are repeated.
PATIENCE_SECONDS = 300
POLL_SECONDS = 0.5


class Client:
    """What the clients of both interfaces do: order, follow, fetch."""

    interface = ""
    # The kinds of orders, each as often as it stands here.
    kinds: tuple[str, ...] = ()

    def __init__(self, server: Server, web: Web, media: dict[str, bytes], ledger: Ledger, chance: random.Random):
        self.server = server
        self.web = web
        self.media = media
        self.ledger = ledger
        self.chance = chance
        self.limit = 0.0

    def work(self, end: float):
        """Orders one job after the other until the moment `end`, and follows each."""
        self.limit = end + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                job = self.order(self.chance.choice(self.kinds))
            except TimeoutError:
                self.ledger.fault("lost", "an order was never answered")
                return
            if job is None:
                continue
            self.ledger.accept(job)
            try:
                self.follow(job)
            except TimeoutError:
                # The account finds that it is lost.
                return

    def call(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] = {}) -> Reply:
        """An answer of the server, sooner or later."""
        return persistently(
            lambda: send(method, self.server.url + path, {**self.server.headers(), **headers}, body), self.ledger,
            self.limit)

    def post_json(self, path: str, body: dict, headers: dict[str, str] = {}) -> Reply:
        """Sends JSON."""
        return self.call("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})

    def accepted(self, reply: Reply, kind: str, has_webhook: bool = False, is_good: bool = True) -> Job | None:
        """The job of an accepted order."""
        if reply.status not in (200, 201, 202):
            self.ledger.fault("refused", f"{self.interface} {kind}: {reply.status} {reply.body[:300]!r}")
            return None
        return Job(reply.json["id"], self.interface, kind, is_good, has_webhook)

    def follow(self, job: Job):
        """Polls until the job has ended, and fetches what it made."""
        while (state := self.state(job)) is None:
            time.sleep(POLL_SECONDS)
        job.end, job.output = state
        if job.output:
            job.digest = self.digest(job)
        self.ledger.count(
            ("ended well" if job.is_good else "failed wrongly") if job.output
            else ("failed wrongly" if job.is_good else "failed rightly"))
        if bool(job.output) != job.is_good:
            self.ledger.faults.append(f"failed wrongly: {job.interface} {job.kind} {job.id} ended as {job.end}")

    def digest(self, job: Job) -> str:
        """A digest of what the job made, fetched without a key."""
        reply = persistently(lambda: send("GET", job.output), self.ledger, self.limit)
        if reply.status != 200 or not reply.body:
            self.ledger.fault("lost", f"the output of {job.id} cannot be fetched: {reply.status}")
        return hashlib.sha256(reply.body).hexdigest()

    def order(self, kind: str) -> Job | None:
        """Orders a job of a kind; none where it was refused."""
        raise NotImplementedError

    def state(self, job: Job) -> tuple[str, str | None] | None:
        """How the job has ended and where its output is; none while it runs."""
        raise NotImplementedError


class SyncClient(Client):
    """Speaks to Sync's interface."""

    interface = "Sync"
    kinds = ("film", "film", "form", "picture", "text", "hopeless", "speech")

    def order(self, kind: str) -> Job | None:
        key = {"Idempotency-Key": uuid.uuid4().hex}
        film = {"type": "video", "url": self.web.address("film.mp4")}
        voice = {"type": "audio", "url": self.web.address("voice.wav")}
        speech = {"name": "elevenlabs", "voiceId": "flite-slt", "script": "Good morning, papa."}
        model = self.chance.choice(["lipsync-1.9.0-beta", "lipsync-2"])
        if kind == "speech":
            body = {"script": speech["script"], "voiceId": speech["voiceId"]}
            return self.accepted(self.post_json("/v2/tts/jobs", body, key), kind)
        if kind == "form":
            files = {"video": ("film.mp4", self.media["film.mp4"]), "audio": ("voice.wav", self.media["voice.wav"])}
            content_type, body = form({"model": model, "webhookUrl": self.web.hook}, files)
            reply = self.call("POST", "/v2/generate", body, {"Content-Type": content_type, **key})
            return self.accepted(reply, kind, has_webhook=True)
        if kind == "picture":
            model, film = "sync-3", {"type": "image", "url": self.web.address("picture.png")}
        if kind == "text":
            voice = {"type": "text", "provider": speech}
        if kind == "hopeless":
            film = {"type": "video", "url": self.web.address("words.txt")}
        body = {"model": model, "input": [film, voice], "webhookUrl": self.web.hook}
        return self.accepted(
            self.post_json("/v2/generate", body, key), kind, has_webhook=True, is_good=kind != "hopeless")

    def state(self, job: Job) -> tuple[str, str | None] | None:
        if job.kind == "speech":
            body = self.call("GET", f"/v2/tts/jobs/{job.id}").json
            return (body["status"], body["url"]) if body["status"] in ("SUCCESS", "FAILED") else None
        body = self.call("GET", f"/v2/generate/{job.id}?wait=true&timeout=5").json
        return (body["status"], body["outputUrl"]) if body["status"] in ("COMPLETED", "FAILED") else None


class HedraClient(Client):
    """Speaks to Hedra's interface."""

    interface = "Hedra"
    kinds = ("talk", "talk", "spoken", "speech", "isolation", "enlargement")
    base = "/web-app/public"
    example_voice = "f412c62f-e94f-41c0-bfc6-97f63289941c"

    def asset(self, name: str, kind: str) -> str:
        """Creates an asset and sends its file. Being asked twice makes two assets, of which one is used."""
        asset = self.post_json(f"{self.base}/assets", {"name": name, "type": kind}).json["id"]
        content_type, body = form({}, {"file": (name, self.media[name])})
        reply = self.call("POST", f"{self.base}/assets/{asset}/upload", body, {"Content-Type": content_type})
        if reply.status != 200:
            self.ledger.fault("refused", f"upload of {name}: {reply.status} {reply.body[:300]!r}")
            return self.asset(name, kind)
        return asset

    def order(self, kind: str) -> Job | None:
        # A reserved name makes a repeated request harmless.
        body: dict = {"generation_id": str(uuid.uuid4())}
        speech = {"type": "text_to_speech", "voice_id": self.example_voice, "text": "Good evening, mama."}
        if kind == "speech":
            body |= speech
        elif kind == "isolation":
            body |= {"type": "audio_isolation", "audio_id": self.asset("voice.wav", "audio")}
        elif kind == "enlargement":
            body |= {"type": "image_upscale", "image_id": self.asset("picture.png", "image")}
        else:
            body |= {
                "type": "video", "start_keyframe_id": self.asset("picture.png", "image"),
                "generated_video_inputs": {"text_prompt": "smiling", "resolution": "540p", "aspect_ratio": "1:1"},
            }
            if kind == "talk":
                body["audio_id"] = self.asset("voice.wav", "audio")
            else:
                body["audio_generation"] = speech
        return self.accepted(self.post_json(f"{self.base}/generations", body), kind)

    def state(self, job: Job) -> tuple[str, str | None] | None:
        body = self.call("GET", f"{self.base}/generations/{job.id}/status").json
        return (body["status"], body["url"]) if body["status"] in ("complete", "error") else None


class Reader:
    """Reads what clients show in their lists and what operators watch."""

    paths = (
        "/v2/generations?limit=50", "/v2/generations/count", "/v2/models", "/v2/assets", "/health", "/metrics",
        "/web-app/public/generations?limit=50", "/web-app/public/assets?type=video", "/web-app/public/models",
    )

    def __init__(self, server: Server, ledger: Ledger):
        self.server = server
        self.ledger = ledger

    def work(self, end: float):
        """Reads until the moment `end`."""
        while time.monotonic() < end:
            for path in self.paths:
                try:
                    reply = send("GET", self.server.url + path, self.server.headers())
                    self.ledger.count("reads")
                    if reply.status >= 500:
                        self.ledger.count("answers with 5xx")
                except BROKEN:
                    self.ledger.count("broken connections")
                time.sleep(0.1)
