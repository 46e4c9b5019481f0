"""The published sample verifiers of webhooks, which sign a body that they have parsed and written again."""

import hashlib
import hmac
import json
from decimal import Decimal


def is_signed(signature: str, body: bytes, secret: str) -> bool:
    """Whether a `Sync-Signature` belongs to exactly this body."""
    parts = dict(part.split("=", 1) for part in signature.split(","))
    message = parts["t"].encode() + b"." + body
    return hmac.compare_digest(parts["v1"], hmac.new(secret.encode(), message, hashlib.sha256).hexdigest())


def python_json(body: bytes) -> bytes:
    """The body as Python's sample writes it again."""
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


def javascript_json(body: bytes) -> bytes:
    """The body as `JSON.stringify(JSON.parse(body))` writes it again."""
    return _stringify(json.loads(body)).encode()


def _stringify(value) -> str:
    if isinstance(value, dict):
        # Keys that look like indices come first, in their numeric order.
        indices = sorted((key for key in value if key.isdecimal() and str(int(key)) == key), key=int)
        keys = indices + [key for key in value if key not in indices]
        return "{" + ",".join(f"{_text(key)}:{_stringify(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_stringify, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return _number(float(value))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(value)), "f")
    digits, exponent = repr(value).split("e")
    return f"{digits}e{int(exponent):+d}"
