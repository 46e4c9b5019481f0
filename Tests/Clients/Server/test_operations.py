"""What operators and patient clients rely on: cancelling, stopping, room on the disk, and what is left behind."""

import json
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pytest
from lipsmith import PROGRAM, Server, assert_refusal, completed, running_server, start
from media import make_grainy_video, make_speech, make_video


def create(client: httpx.Client, inputs: list[dict], **more) -> str:
    """A generation that was accepted."""
    reply = client.post("/v2/generate", json={"model": "lipsync-2", "input": inputs, **more})
    assert reply.status_code == 201, reply.text
    return reply.json()["id"]


def command(*words: str) -> subprocess.CompletedProcess:
    """Runs the program."""
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60)


def until(condition, seconds: float) -> bool:
    """Whether it holds within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def refuses_connections(server: Server) -> bool:
    """Whether the server has closed its door."""
    try:
        socket.create_connection((server.host, server.port)).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.fixture(scope="module")
def long_inputs(media) -> list[dict]:
    """A clip that takes a while to render."""
    folder = media.folder
    video, speech = folder / "video-long.mp4", folder / "speech-long.wav"
    make_video(video, 40)
    make_speech(speech, 40)
    for path in (video, speech):
        media.web.publish(path.name, path.read_bytes())
    return media.inputs(video, speech)


def test_cancel(media, long_inputs, web):
    hook = web.make_hook("cancelled")
    with running_server("--render-slots", "1") as server, server.client() as client:
        running = create(client, long_inputs, webhookUrl=hook)
        waiting = create(client, long_inputs)
        assert until(lambda: client.get(f"/v2/generate/{running}").json()["status"] == "PROCESSING", 30)
        work = server.log.parent / "data/work"
        assert until(lambda: list(work.glob(f"*/{running}-*")), 30)

        reply = client.post(f"/v1/generations/{waiting}/cancel")
        assert reply.status_code == 200 and reply.json()["errorCode"] == "generation_cancelled", reply.text
        begin = time.monotonic()
        reply = client.post(f"/v1/generations/{running}/cancel")
        assert reply.status_code == 200 and reply.json()["status"] == "FAILED", reply.text
        for generation_id in (running, waiting):
            generation = client.get(f"/v2/generate/{generation_id}").json()
            assert generation["status"] == "FAILED" and generation["errorCode"] == "generation_cancelled", generation
        assert until(lambda: not list(work.glob(f"*/{running}-*")), 5 - (time.monotonic() - begin))
        # The slot is free again.
        completed(client, create(client, media.inputs()))
        assert json.loads(web.delivery(hook, 10).body)["errorCode"] == "generation_cancelled"

        assert client.post(f"/v1/generations/{running}/cancel").status_code == 200
        done = create(client, media.inputs())
        completed(client, done)
        assert_refusal(client.post(f"/v1/generations/{done}/cancel"), 409, code="generation_not_cancellable")
        assert_refusal(client.post("/v1/generations/nonsense/cancel"), 400)
        unknown = "00000000-0000-4000-8000-000000000000"
        assert_refusal(client.post(f"/v1/generations/{unknown}/cancel"), 404, code="generation_not_found")
        assert httpx.post(f"{server.url}/v1/generations/{running}/cancel").status_code == 401


def test_cancel_by_command(long_inputs):
    with running_server("--render-slots", "1") as server, server.client() as client:
        running = create(client, long_inputs)
        assert until(lambda: client.get(f"/v2/generate/{running}").json()["status"] == "PROCESSING", 30)
        folder = str(server.log.parent / "data")
        result = command("jobs", "cancel", running, "--data", folder)
        assert result.returncode == 0, result.stderr
        work = server.log.parent / "data/work"
        assert until(lambda: not list(work.glob(f"*/{running}-*")), 5)
        again = command("jobs", "cancel", "00000000-0000-4000-8000-000000000000", "--data", folder)
        assert again.returncode == 1 and "generation_not_found" in again.stderr
        listed = command("jobs", "--data", folder, "--status", "failed", "--limit", "5", "--json")
        assert json.loads(listed.stdout.splitlines()[0])["code"] == "generation_cancelled"
        assert command("jobs", "cancel", running, "--limit", "5", "--data", folder).returncode == 2


def test_stop_waits_for_uploads_and_answers_long_polls(long_inputs):
    with running_server("--render-slots", "1", shutdown_seconds=20) as server, server.client() as client:
        waiting = create(client, long_inputs)
        size = 400_000
        upload = client.post(
            "/v2/assets/upload", json={"fileName": "a.mp4", "contentType": "video/mp4", "size": size}).json()
        path = upload["uploadUrl"].removeprefix(server.url)
        connection = socket.create_connection((server.host, server.port))
        connection.sendall(
            f"PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n".encode()
            + b"x" * (size // 2))
        answers = []
        poll = threading.Thread(
            target=lambda: answers.append(
                (client.get(f"/v2/generate/{waiting}", params={"wait": "true", "timeout": 60}), time.monotonic())))
        poll.start()
        time.sleep(1)
        begin = time.monotonic()
        server.process.terminate()
        poll.join(timeout=30)
        reply, end = answers[0]
        assert reply.status_code == 200 and reply.json()["status"] in ("PENDING", "PROCESSING"), reply.text
        assert end - begin < 3
        # The upload goes on although nobody new is let in.
        assert until(lambda: refuses_connections(server), 10)
        connection.sendall(b"x" * (size - size // 2))
        head = connection.makefile("rb").readline()
        assert b"200" in head, head
        assert server.process.wait(timeout=20) == 0
        # A clean stop leaves everything in the main file.
        data = server.log.parent / "data"
        assert (data / "lipsmith.db").stat().st_size > 65_536
        log = data / "lipsmith.db-wal"
        assert not log.exists() or log.stat().st_size == 0


def test_no_room(media):
    with running_server("--free-space", "1073741824") as server, server.client() as client:
        ready = client.get("/ready")
        assert ready.status_code == 503 and "storage_full" in ready.json()["problems"], ready.text
        reply = client.post("/v2/generate", json={"model": "lipsync-2", "input": media.inputs()})
        assert_refusal(reply, 503, code="storage_full")
        assert int(reply.headers["Retry-After"]) > 0
        announced = client.post(
            "/v2/assets/upload", json={"fileName": "a.mp4", "contentType": "video/mp4", "size": 10})
        assert_refusal(announced, 503, code="storage_full")
        files = {"video": media.video_2.open("rb"), "audio": media.speech_2.open("rb")}
        assert_refusal(client.post("/v2/generate", data={"model": "lipsync-2"}, files=files), 503, code="storage_full")
        hedra = client.post("/web-app/public/assets", json={"name": "a.png", "type": "image"})
        assert hedra.status_code == 503, hedra.text


def test_quota_and_deletion(media):
    # Two seconds of grain come near a quota of 1 MiB.
    video = make_grainy_video(media.folder / "video-grain.mp4", 2)
    media.web.publish(video.name, video.read_bytes())
    with running_server("--storage-quota", "1") as server, server.client() as client:
        assert client.get("/ready").status_code == 200
        ids = []
        for _ in range(50):
            reply = client.post("/v2/generate", json={"model": "lipsync-2", "input": media.inputs(video)})
            if reply.status_code != 201:
                break
            ids.append(reply.json()["id"])
            completed(client, ids[-1])
        assert_refusal(reply, 403, code="storage_quota_exceeded")
        folder = server.log.parent / "data"
        used = json.loads(command("jobs", "--storage", "--json", "--data", str(folder)).stdout.splitlines()[0])
        assert used["outputBytes"] >= 1 << 20 and used["organisation"] == "default", used
        for generation_id in ids:
            assert client.delete(f"/v2/generations/{generation_id}").status_code in (200, 204)
        create(client, media.inputs())
        # Neither files nor folders of what was deleted.
        assert not [path for name in ids for path in folder.glob(f"blobs/files/outputs/*/{name}")]


def test_what_lies_on_the_disk_is_closed_and_sound(media):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process, key, url = start(folder, "--shutdown-seconds", "1")
        try:
            with httpx.Client(base_url=url, headers={"x-api-key": key}, timeout=70) as client:
                completed(client, create(client, media.inputs()))
        finally:
            process.terminate()
            process.wait(timeout=20)
            process.stdout.close()
        data = folder / "data"
        open_paths = [path for path in [data, *data.rglob("*")] if path.lstat().st_mode & 0o077]
        assert open_paths == []
        assert command("doctor", "--data", str(data)).returncode == 0
        output = next(path for path in data.glob("blobs/files/outputs/**/*.mp4"))
        content = bytearray(output.read_bytes())
        content[len(content) // 2] ^= 1
        output.write_bytes(content)
        damaged = command("doctor", "--data", str(data))
        assert damaged.returncode == 3 and output.name in damaged.stdout, damaged.stdout

        # A lost database stops the server and not the media.
        for path in data.glob("lipsmith.db*"):
            path.unlink()
        files = sorted(path for path in data.glob("blobs/**/*") if path.is_file())
        refused = command("serve", "--data", str(data), "--port", "0", "--root-without-landlock", "true")
        assert refused.returncode == 1 and "--new-installation" in refused.stderr, refused.stderr
        assert sorted(path for path in data.glob("blobs/**/*") if path.is_file()) == files
        keys = command("keys", "create", "--data", str(data))
        assert keys.returncode == 1 and "--new-installation" in keys.stderr


def test_a_write_lock_of_another_program_is_waited_for_two_seconds(media):
    with running_server() as server, server.client() as client:
        database = server.log.parent / "data/lipsmith.db"
        lock = sqlite3.connect(database, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        try:
            begin = time.monotonic()
            reply = client.post(
                "/v2/assets/upload", json={"fileName": "a.mp4", "contentType": "video/mp4", "size": 10})
            assert_refusal(reply, 503)
            assert time.monotonic() - begin < 3
        finally:
            lock.execute("ROLLBACK")
            lock.close()
        assert client.post(
            "/v2/assets/upload", json={"fileName": "a.mp4", "contentType": "video/mp4", "size": 10}).status_code == 201
