"""Checks Ed25519 signatures with the openssl program, so that no further package is needed."""

import base64
import subprocess
from pathlib import Path

# The header of a public key of this kind in DER (RFC 8410).
_HEADER = bytes.fromhex("302a300506032b6570032100")


def ed25519_verifies(public_key: str, signature: str, message: bytes, folder: Path) -> bool:
    """Whether a signature in hexadecimal digits is that of a message by a key in base64."""
    (folder / "key.der").write_bytes(_HEADER + base64.b64decode(public_key))
    (folder / "signature").write_bytes(bytes.fromhex(signature))
    (folder / "message").write_bytes(message)
    command = [
        "openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-in", "message",
        "-sigfile", "signature"]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0
