"""TLS in front of a server of this machine, for clients that speak nothing else."""

import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    certificate, key = folder / "front.pem", folder / "front.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def _copy(source: socket.socket, target: socket.socket):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    finally:
        for side in (source, target):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


@dataclass
class Front:
    """Where it listens, and where connections are handed on to."""

    port: int
    target: tuple[str, int] | None = None


@contextmanager
def tls_front(certificate: Path, key: Path):
    """Hands connections on, their bytes as they are."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    front = Front(listener.getsockname()[1])

    def serve():
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=join, args=(plain,), daemon=True).start()

    def join(plain: socket.socket):
        try:
            outer = context.wrap_socket(plain, server_side=True)
        except (ssl.SSLError, OSError):
            return
        inner = socket.create_connection(front.target)
        threading.Thread(target=_copy, args=(inner, outer), daemon=True).start()
        _copy(outer, inner)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield front
    finally:
        listener.close()
