"""Starts `lipsmith serve` for tests and speaks to it as a plain HTTP client."""

import ctypes
import os
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

CHECKOUT = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("LIPSMITH_PROGRAM", CHECKOUT / ".build/release/lipsmith"))
TERMINAL_STATUSES = {"COMPLETED", "FAILED", "REJECTED"}
JOB_SECONDS = 180
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Server:
    """A running server, its first key, and its process."""

    url: str
    key: str
    process: subprocess.Popen
    log: Path

    @property
    def host(self) -> str:
        """The address to connect to."""
        return self.url.removeprefix("http://").rsplit(":", 1)[0]

    @property
    def port(self) -> int:
        """The port to connect to."""
        return int(self.url.rsplit(":", 1)[1])

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.log.parent / "data"

    def studio_link(self, *flags: str) -> str:
        """An address that signs its opener in to the studio, once."""
        command = [PROGRAM, "studio-link", "--data", self.data, "--base", self.url, *flags]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout.strip()

    def client(self, **options) -> httpx.Client:
        """A client that sends the key with each request."""
        return httpx.Client(base_url=self.url, headers={"x-api-key": self.key}, timeout=70, **options)


@contextmanager
def running_server(*flags: str, shutdown_seconds: int = 1, networks: str = "127.0.0.0/8"):
    """A server with a data folder of its own, which ends and is removed with the block."""
    with tempfile.TemporaryDirectory(prefix="lipsmith-clients-") as folder:
        process, key, url = start(
            Path(folder), "--shutdown-seconds", str(shutdown_seconds), *flags, networks=networks)
        try:
            yield Server(url=url, key=key, process=process, log=Path(folder) / "log")
        finally:
            _stop(process)


def start(
    folder: Path, *flags: str, port: str = "0", ends_with_thread: bool = True, networks: str = "127.0.0.0/8"
) -> tuple[subprocess.Popen, str | None, str]:
    """Starts a server on a folder: its process, its first key where the folder was empty, and its address.

    It is killed when the thread that started it ends, unless another thread goes on to use it.
    """
    command = [
        PROGRAM, "serve", "--data", folder / "data", "--port", port, "--allow-private-networks", networks,
        # Tests run as whoever runs them, on whatever kernel.
        "--root-without-landlock", "true", *flags,
    ]
    log = folder / "log"
    with log.open("ab") as log_file:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log_file, text=True, start_new_session=True,
            preexec_fn=_die_with_parent if ends_with_thread else None)
    key = None
    for line in process.stdout:
        last = line.split()[-1]
        if last.startswith("http://"):
            return process, key, last
        key = last
    _stop(process)
    raise AssertionError(f"the server did not start: {log.read_text()[-2000:]}")


def _die_with_parent():
    _libc.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _stop(process: subprocess.Popen):
    """Asks the server to end, then makes its whole process group end."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    process.stdout.close()


def finished(client: httpx.Client, generation_id: str, seconds: float = JOB_SECONDS) -> dict:
    """The generation once it has ended."""
    deadline = time.monotonic() + seconds
    while True:
        reply = client.get(f"/v2/generate/{generation_id}", params={"wait": "true", "timeout": 20})
        assert reply.status_code == 200, reply.text
        generation = reply.json()
        if generation["status"] in TERMINAL_STATUSES:
            return generation
        assert time.monotonic() < deadline, f"still {generation['status']} after {seconds} s"


def completed(client: httpx.Client, generation_id: str) -> dict:
    """The generation once it has ended well."""
    generation = finished(client, generation_id)
    assert generation["status"] == "COMPLETED", generation
    return generation


def assert_refusal(reply, *statuses: int, code: str | None = None):
    """Checks the contract's form of a refusal (section 1.7)."""
    body = reply.json()
    assert reply.status_code in statuses, reply.text
    assert body["statusCode"] == reply.status_code
    assert isinstance(body["message"], (str, list)) and body["message"], body
    if code is not None:
        assert body["errorCode"] == code, body
        assert body["suggestion"], body
