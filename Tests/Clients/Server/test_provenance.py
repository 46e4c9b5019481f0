"""What a server's outputs say of where they come from, by the C2PA library itself and by the server."""

import ctypes
import json
import subprocess
from pathlib import Path

import httpx
import pytest
from lipsmith import CHECKOUT, PROGRAM, Server, assert_refusal, completed, running_server

CONSENT = {"x-lipsmith-consent": "Form 7 of 2026, signed by the speaker"}


@pytest.fixture(scope="module")
def strict_server():
    """A server that asks for consent."""
    with running_server("--require-consent", "true", "--attempts", "1") as server:
        yield server


@pytest.fixture(scope="module")
def output(strict_server: Server, media, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    """A generation and its video."""
    with strict_server.client() as client:
        body = {
            "model": "lipsync-2", "options": {"sync_mode": "bounce"},
            "input": media.inputs(media.video_4, media.speech_8_64),
        }
        assert_refusal(client.post("/v2/generate", json=body), 400)
        reply = client.post("/v2/generate", json=body, headers=CONSENT)
        assert reply.status_code == 201, reply.text
        generation = completed(client, reply.json()["id"])
    path = tmp_path_factory.mktemp("provenance") / "output.mp4"
    path.write_bytes(httpx.get(generation["outputUrl"], follow_redirects=True).content)
    return generation, path


def manifests(path: Path) -> dict:
    """What the library of C2PA's own makers reads."""
    library = ctypes.CDLL(str(CHECKOUT / ".third-party/c2pa/libc2pa_c.so"))
    library.c2pa_reader_from_file.restype = ctypes.c_void_p
    library.c2pa_reader_from_file.argtypes = [ctypes.c_char_p]
    library.c2pa_reader_json.restype = ctypes.c_char_p
    library.c2pa_reader_json.argtypes = [ctypes.c_void_p]
    library.c2pa_error.restype = ctypes.c_char_p
    reader = library.c2pa_reader_from_file(str(path).encode())
    assert reader, library.c2pa_error()
    return json.loads(library.c2pa_reader_json(reader))


def verify(server: Server, media, path: Path) -> dict:
    """What the server says of a file."""
    media.web.publish(path.name, path.read_bytes())
    with server.client() as client:
        reply = client.post("/v1/verify", json={"video": {"url": media.url(path)}}, timeout=120)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_the_library_reads_what_was_signed(output):
    generation, path = output
    store = manifests(path)
    assert store["validation_state"] == "Valid", store.get("validation_status")
    active = store["manifests"][store["active_manifest"]]
    said = {assertion["label"]: assertion["data"] for assertion in active["assertions"]}
    assert said["org.lipsmith.render"]["consent"] == CONSENT["x-lipsmith-consent"]
    assert said["org.lipsmith.render"]["generation"] == generation["id"]
    actions = said["c2pa.actions.v2"]["actions"]
    assert [action["action"] for action in actions] == [
        "c2pa.opened", "c2pa.edited", "c2pa.placed", "c2pa.watermarked.bound"]
    assert actions[1]["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert {item["relationship"] for item in active["ingredients"]} == {"parentOf", "componentOf"}


def test_a_copy_is_valid_and_a_changed_one_is_not(output, tmp_path):
    _, path = output
    data = bytearray(path.read_bytes())
    (tmp_path / "copy.mp4").write_bytes(data)
    assert manifests(tmp_path / "copy.mp4")["validation_state"] == "Valid"
    data[len(data) // 2] ^= 1
    (tmp_path / "changed.mp4").write_bytes(data)
    assert manifests(tmp_path / "changed.mp4")["validation_state"] == "Invalid"


def test_tools_without_manifests_are_told_too(output):
    _, path = output
    command = ["ffprobe", "-v", "error", "-show_entries", "format_tags=comment", "-of", "csv=p=0", path]
    assert "AI-generated" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
    data = path.read_bytes()
    assert b"DigitalSourceType" in data
    # What is needed to begin to play still stands in front.
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_server_knows_its_own(strict_server, media, output):
    generation, path = output
    said = verify(strict_server, media, path)
    assert said["outcome"] == "credentialsValid"
    assert said["credentials"]["isByKnownSigner"] is True
    assert said["watermark"]["state"] == "found", said["watermark"]
    assert said["watermark"].get("number") in (None, said["credentials"]["watermark"])
    assert said["registry"]["state"] == "exact"
    assert said["registry"]["generation"] == generation["id"]


def test_a_copy_that_was_encoded_anew_is_recognised(strict_server, media, output, tmp_path):
    _, path = output
    again = tmp_path / "again.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-crf", "26", "-map_metadata", "-1", again], check=True)
    said = verify(strict_server, media, again)
    assert said["outcome"] == "recognised"
    assert said["credentials"]["state"] == "absent"
    assert said["watermark"]["state"] == "found", said["watermark"]
    assert said["registry"]["state"] in ("watermark", "similar")


def test_strangers_are_not_told_whose_it_is(strict_server, media, output):
    _, path = output
    with running_server() as stranger:
        said = verify(stranger, media, path)
    assert said["outcome"] == "credentialsValid"
    assert said["credentials"]["isByKnownSigner"] is False
    assert said["registry"] == {"state": "unknown"}


def test_a_clip_that_looks_like_an_output_is_not_called_one(strict_server, media, output):
    generation, _ = output
    said = verify(strict_server, media, media.video_4)
    assert said["outcome"] == "nothingFound"
    assert said["registry"]["state"] == "similar"
    assert said["registry"]["generation"] == generation["id"]
    command = [PROGRAM, "keys", "create", "--data", strict_server.data, "--name", "b", "--organisation", "Others"]
    key = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    reply = httpx.post(
        strict_server.url + "/v1/verify", json={"video": {"url": media.url(media.video_4)}},
        headers={"x-api-key": key}, timeout=120)
    assert reply.json()["registry"] == {"state": "unknown"}, reply.text


@pytest.mark.parametrize("said", [b"\xff\xfe", "\u202egood".encode(), "\u2028".encode(), "\x85".encode(), b"e" * 501])
def test_consent_that_does_not_show_itself_is_refused(strict_server, media, said):
    body = {"model": "lipsync-2", "input": media.inputs(media.video_4, media.speech_8_64)}
    with strict_server.client() as client:
        assert_refusal(client.post("/v2/generate", json=body, headers={b"x-lipsmith-consent": said}), 400)


def test_deleted_outputs_are_remembered(strict_server, media, output):
    generation, path = output
    with strict_server.client() as client:
        reply = client.delete(f"/v1/generations/{generation['id']}")
        assert reply.status_code in (200, 204), reply.text
    assert verify(strict_server, media, path)["registry"]["state"] == "exact"


@pytest.mark.parametrize("content", [b"", b"no medium", b"\x00\x00\x00\x20ftypisom" + bytes(100)])
def test_files_that_are_no_media_are_refused_or_unknown(strict_server, media, content, tmp_path):
    path = tmp_path / f"file-{len(content)}.mp4"
    path.write_bytes(content)
    media.web.publish(path.name, path.read_bytes())
    with strict_server.client() as client:
        reply = client.post("/v1/verify", json={"video": {"url": media.url(path)}})
        assert reply.status_code < 500, reply.text
        assert client.post("/v1/verify", json={}).status_code == 400


def test_a_server_that_cannot_sign_does_not_start(tmp_path):
    command = [PROGRAM, "serve", "--data", tmp_path / "data", "--port", "0", "--root-without-landlock", "true"]
    (tmp_path / "data").mkdir()
    (tmp_path / "data/signing-identity.pem").write_text("damaged")
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "credentials" in ended.stderr
    assert "Fatal" not in ended.stderr
