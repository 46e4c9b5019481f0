"""The server under load: started, watched, killed, started again."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from .http import send
from .ledger import Ledger, Sample
from .media import CHECKOUT

PROGRAM = CHECKOUT / ".build/release/lipsmith"
# So many that being killed alone makes no job fail.
ATTEMPTS = 20
SAMPLE_SECONDS = 2
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


class Server:
    """`lipsmith serve` on a folder; a context that ends it."""

    def __init__(self, folder: Path, ledger: Ledger):
        self.folder = folder
        self.ledger = ledger
        self.port = "0"
        self.key = ""
        self.url = ""
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self.process: subprocess.Popen | None = None

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _start(self):
        # The kernel kills it when the thread that starts it here ends, so that a soak that is killed leaves none behind.
        library = ctypes.CDLL(None)
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--data", self.folder / "data", "--port", self.port, "--access-log", "off",
                 "--allow-private-networks", "127.0.0.0/8", "--attempts", str(ATTEMPTS), "--shutdown-seconds", "5"],
                stdout=subprocess.PIPE, stderr=log, text=True,
                preexec_fn=lambda: library.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL))
        for line in self.process.stdout:
            last = line.split()[-1]
            if last.startswith("http://"):
                self.url = last
                self.port = last.rsplit(":", 1)[1]
                return
            self.key = last
        raise SystemExit(f"soak: the server did not start; see {self.folder / 'server.log'}")

    def headers(self) -> dict[str, str]:
        """What lets a request in."""
        return {"x-api-key": self.key}

    def webhook_secret(self) -> str:
        """What webhooks are signed with."""
        return send("GET", f"{self.url}/v2/organizations/webhook/secret", self.headers()).json["secret"]

    # Killing

    def kill(self):
        """Kills the server and starts it again on the same data and port."""
        with self.lock:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self._start()

    def kill_child(self) -> bool:
        """Kills one of the server's children that works on a job; false where there is none."""
        children = []
        for path in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            try:
                children += path.read_text().split()
            except OSError:
                pass
        for child in children:
            try:
                words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                if len(words) > 1 and words[1] in (b"render", b"probe", b"speak", b"speak-network", b"confined"):
                    os.kill(int(child), signal.SIGKILL)
                    return True
            except (OSError, ValueError):
                pass
        return False

    # Watching

    def watch(self, warm_up_seconds: float):
        """Samples memory and descriptors from now on."""
        self.ledger.warm_up_seconds = warm_up_seconds
        self.ledger.first = self.sample()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while not self.is_over.wait(SAMPLE_SECONDS):
            sample = self.sample()
            if sample:
                self.ledger.samples.append(sample)

    def sample(self) -> Sample | None:
        """What the process holds now; none while it is being started again."""
        process = self.process.pid
        try:
            status = Path(f"/proc/{process}/status").read_text()
            descriptors = len(os.listdir(f"/proc/{process}/fd"))
        except OSError:
            return None
        kibibytes = next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), None)
        if kibibytes is None:
            return None
        return Sample(process, time.monotonic(), int(kibibytes) / 1024, descriptors)
