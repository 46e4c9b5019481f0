"""Whatever is killed at whatever moment: an accepted generation ends once, and its webhook arrives."""

import json
import os
import random
import signal
import threading
import time
import uuid
from pathlib import Path

import httpx
from hedra_web import BASE, Hedra
from lipsmith import TERMINAL_STATUSES, start
from verifiers import is_signed

JOBS, KILLS = (200, 100) if os.environ.get("LIPSMITH_LONG_KILL_TEST") else (12, 6)
BATCH_KILLS = 4
# A lost lease lasts 15 s, and a failed attempt is tried again after 5 s and 30 s.
SETTLING_SECONDS = 240 + 5 * JOBS


class MortalServer:
    """A server that is killed and started again on the same data and port."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.process, self.key, self.url = self.start("0")

    def start(self, port: str):
        return start(self.folder, "--access-log", "off", port=port, ends_with_thread=False)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process, _, self.url = self.start(self.url.rsplit(":", 1)[1])

    def kill_child(self):
        """Kills a render, if one runs at this moment."""
        path = Path(f"/proc/{self.process.pid}/task")
        children = [word for task in path.glob("*/children") for word in task.read_text().split()]
        for child in children:
            try:
                if b"render" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(int(child), signal.SIGKILL)
                    return
            except (FileNotFoundError, ProcessLookupError):
                pass


def persistent(action):
    """What `action` gives, however often the server dies under it."""
    while True:
        try:
            reply = action()
            if reply.status_code < 500:
                return reply
        except httpx.TransportError:
            pass
        time.sleep(0.1)


def test_nothing_is_lost_and_nothing_is_doubled(media, web, tmp_path):
    server = MortalServer(tmp_path)
    hook = web.make_hook("killed")
    chance = random.Random(5)

    def kill_now_and_then():
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.5, 3))
            chance.choice([server.kill, server.kill_child])()

    killer = threading.Thread(target=kill_now_and_then)
    try:
        client = httpx.Client(base_url=server.url, headers={"x-api-key": server.key}, timeout=30)
        killer.start()
        accepted = {}
        for number in range(JOBS):
            body = {"model": "lipsync-1.9.0-beta", "input": media.inputs(), "webhookUrl": hook}
            reply = persistent(
                lambda: client.post("/v2/generate", json=body, headers={"Idempotency-Key": f"kill-{number}"}))
            assert reply.status_code == 201, reply.text
            accepted[reply.json()["id"]] = None
        killer.join()

        deadline = time.monotonic() + SETTLING_SECONDS
        for generation_id in accepted:
            while accepted[generation_id] not in TERMINAL_STATUSES:
                assert time.monotonic() < deadline, f"{generation_id} is still {accepted[generation_id]}"
                reply = persistent(lambda: client.get(f"/v2/generate/{generation_id}?wait=true&timeout=5"))
                accepted[generation_id] = reply.json()["status"]
        listed = client.get("/v2/generations").json()
        assert {generation["id"]: generation["status"] for generation in listed} == accepted
        assert len(listed) == JOBS, "a repeated request made a second generation"
        for generation in listed:
            if generation["status"] == "COMPLETED":
                assert httpx.get(generation["outputUrl"]).status_code == 200

        secret = client.get("/v2/organizations/webhook/secret").json()["secret"]
        told = {}
        while told.keys() != accepted.keys():
            delivery = web.delivery(hook, seconds=max(1, deadline - time.monotonic()))
            assert is_signed(delivery.headers["sync-signature"], delivery.body, secret)
            generation = json.loads(delivery.body)
            told[generation["id"]] = generation["status"]
        assert told == accepted
        # Being killed is no reason to fail unless it happens three times to the same job.
        assert list(accepted.values()).count("COMPLETED") >= JOBS - KILLS // 3
    finally:
        if killer.is_alive():
            killer.join()
        server.process.kill()
        server.process.wait()


class JobWatcher(threading.Thread):
    """Follows a job of Hedra's API v3 by its events as the SDK does, whatever dies in between."""

    def __init__(self, server: MortalServer, job_id: str):
        super().__init__(daemon=True)
        self.server, self.job_id = server, job_id
        self.statuses, self.lines, self.connections, self.is_done = [], [], 0, False
        self.last_id = None

    def run(self):
        deadline = time.monotonic() + SETTLING_SECONDS
        while not self.is_done and time.monotonic() < deadline:
            headers = {"Authorization": f"Bearer {self.server.key}"}
            if self.last_id:
                headers["Last-Event-ID"] = self.last_id
            try:
                with httpx.stream(
                    "GET", f"{self.server.url}/v3/jobs/{self.job_id}/stream", headers=headers, timeout=30) as reply:
                    self.connections += 1
                    self.read(reply.iter_lines())
            except httpx.TransportError:
                pass
            time.sleep(0.1)

    def read(self, lines):
        """Takes what comes of one connection."""
        event, data, identity = None, None, None
        for line in lines:
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "id":
                identity = value
            elif name == "data":
                data = value
            elif not line and event == "done":
                self.is_done = True
            elif not line and event:
                (self.statuses if event == "status" else self.lines).append(json.loads(data))
                self.last_id, event = identity, None


def test_watchers_of_killed_servers_see_every_state_once_and_in_order(media, tmp_path):
    """Jobs of Hedra's API v3, each watched by its events while the server and renders are killed."""
    server = MortalServer(tmp_path)
    chance = random.Random(11)

    def kill_now_and_then():
        for _ in range(BATCH_KILLS):
            time.sleep(chance.uniform(0.5, 3))
            chance.choice([server.kill, server.kill_child])()

    killer = threading.Thread(target=kill_now_and_then)
    try:
        client = httpx.Client(
            base_url=server.url + "/v3", headers={"Authorization": f"Bearer {server.key}"}, timeout=30)
        image, voice = (
            client.post("/files", files={"file": path.read_bytes()}).json()["url"]
            for path in (media.portrait, media.speech_2))
        body = {
            "input": {
                "prompt": "calm", "aspect_ratio": "1:1", "resolution": "540p",
                "start_image": {"source": "url", "url": image}, "audio": {"source": "url", "url": voice}}}
        killer.start()
        jobs = set()
        for number in range(8):
            for _ in range(2):
                reply = persistent(lambda: client.post(
                    "/models/hedra-character-3", json=body, headers={"Idempotency-Key": f"v3-{number}"}))
                assert reply.status_code == 202, reply.text
                jobs.add(reply.json()["job_id"])
        assert len(jobs) == 8
        watchers = [JobWatcher(server, job) for job in jobs]
        for watcher in watchers:
            watcher.start()
        killer.join()
        for watcher in watchers:
            watcher.join(SETTLING_SECONDS)
            assert watcher.is_done, watcher.statuses
            numbers = [line["id"] for line in watcher.lines]
            assert numbers == list(range(1, len(numbers) + 1)), "a line of the log was lost or told twice"
            events = [line["event"] for line in watcher.lines]
            assert events[0] == "queued" and events[-1] == "completed" and events.count("completed") == 1
            words = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
            states = [words.index(status["status"]) for status in watcher.statuses]
            assert states == sorted(states) and states[-1] == 2, watcher.statuses
            # Whoever comes back after everything was told hears the end once more.
            assert states.count(2) <= 2
            shown = [(status["status"], status["progress"]) for status in watcher.statuses[:-1]]
            assert len(set(shown)) == len(shown), shown
            progress = [status["progress"] for status in watcher.statuses]
            assert progress == sorted(progress)
        assert any(watcher.connections > 1 for watcher in watchers)
        listed = client.get("/jobs", params={"limit": 100}).json()["data"]
        assert {job["job_id"]: job["status"] for job in listed} == dict.fromkeys(jobs, "COMPLETED")
    finally:
        if killer.is_alive():
            killer.join()
        server.process.kill()
        server.process.wait()


def test_every_part_of_a_batch_ends_once(media, tmp_path):
    """The same for a batch of Hedra's interface, whose reserved names make a repeated request harmless."""
    server = MortalServer(tmp_path)
    chance = random.Random(7)

    def kill_now_and_then():
        for _ in range(BATCH_KILLS):
            time.sleep(chance.uniform(0.5, 3))
            chance.choice([server.kill, server.kill_child])()

    killer = threading.Thread(target=kill_now_and_then)
    try:
        client = httpx.Client(base_url=server.url + BASE, headers={"x-api-key": server.key}, timeout=30)
        hedra = Hedra(client)
        ids = [str(uuid.uuid4()) for _ in range(8)]
        body = {
            "type": "video", "start_keyframe_id": hedra.asset(media.portrait, "image"), "batch_size": 8,
            "audio_id": hedra.asset(media.speech_2, "audio"), "generation_ids": ids,
            "generated_video_inputs": {"text_prompt": "", "resolution": "540p", "aspect_ratio": "1:1"},
        }
        killer.start()
        for _ in range(3):
            reply = persistent(lambda: client.post("/generations", json=body))
            assert reply.status_code == 200, reply.text
            assert [part["id"] for part in reply.json()["batch_results"]] == ids
            time.sleep(1)
        killer.join()
        deadline = time.monotonic() + SETTLING_SECONDS
        ended = {}
        while len(ended) < len(ids):
            assert time.monotonic() < deadline, f"only {ended} have ended"
            for generation_id in ids:
                status = persistent(lambda: client.get(f"/generations/{generation_id}/status")).json()
                if status["status"] in {"complete", "error"}:
                    assert ended.setdefault(generation_id, status) == status, "an ended generation has changed"
            time.sleep(0.5)
        listed = client.get("/generations").json()["data"]
        assert sorted(item["id"] for item in listed) == sorted(ids)
        assert len(client.get("/assets", params={"type": "video"}).json()) == [
            status["status"] for status in ended.values()].count("complete")
        for status in ended.values():
            # Being killed is no reason to fail unless it happens three times to the same job.
            assert status["status"] == "complete", status
            assert httpx.get(status["url"]).status_code == 200
    finally:
        if killer.is_alive():
            killer.join()
        server.process.kill()
        server.process.wait()
