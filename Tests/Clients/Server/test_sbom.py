"""The bill of materials has CycloneDX's shape, every pin, and what the program really links."""

import json
import re
import subprocess
import uuid

import pytest
from lipsmith import CHECKOUT, PROGRAM

TYPES = {"application", "data", "file", "framework", "library", "machine-learning-model"}
PURL = re.compile(r"pkg:(pypi|deb/debian|github/swiftlang|generic)/[^@\s]+@[^@\s]+")
PIN = re.compile(r"^([\w.-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$", re.MULTILINE)


@pytest.fixture(scope="module")
def bill(tmp_path_factory):
    path = tmp_path_factory.mktemp("sbom") / "lipsmith.cdx.json"
    made = subprocess.run([CHECKOUT / "scripts/sbom", path], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return json.loads(path.read_text())


def check_component(part: dict):
    """What the schema of CycloneDX 1.5 demands of a component, and what this project adds to it."""
    assert part["type"] in TYPES and part["name"]
    for digest in part.get("hashes", []):
        assert digest["alg"] == "SHA-256" and re.fullmatch("[0-9a-f]{64}", digest["content"])
    for entry in part.get("licenses", []):
        assert set(entry["license"]) in ({"id"}, {"name"})
    for inner in part.get("components", []):
        check_component(inner)
        assert inner["hashes"]
    if part["type"] in {"file", "application"}:
        return
    assert part["version"] and part["scope"] in {"required", "excluded"} and part["bom-ref"]
    assert "purl" not in part or PURL.fullmatch(part["purl"]), part["purl"]
    # Whatever no package manager vouches for is named by its content.
    assert "purl" in part or part["hashes"]


def test_it_has_the_shape_of_cyclonedx(bill):
    assert bill["bomFormat"] == "CycloneDX" and bill["specVersion"] == "1.5" and bill["version"] == 1
    assert uuid.UUID(bill["serialNumber"].removeprefix("urn:uuid:"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", bill["metadata"]["timestamp"])
    product = bill["metadata"]["component"]
    check_component(product)
    for part in bill["components"]:
        check_component(part)
    references = [part["bom-ref"] for part in bill["components"]]
    assert len(set(references)) == len(references)
    required = {part["bom-ref"] for part in bill["components"] if part["scope"] == "required"}
    [dependency] = bill["dependencies"]
    assert dependency["ref"] == product["bom-ref"] and set(dependency["dependsOn"]) == required


def test_every_pin_and_every_installed_package_is_in_it(bill):
    parts = {(part["name"], part["version"]): part for part in bill["components"]}
    needed = {pin[0] for pin in PIN.findall((CHECKOUT / "scripts/requirements.txt").read_text())}
    for file, scope in [("requirements.txt", "required"), ("clients-requirements.txt", "excluded"),
                        ("older-clients-requirements.txt", "excluded"),
                        ("voices/requirements.txt", "excluded"), ("voices/prepare-requirements.txt", "excluded")]:
        pins = PIN.findall((CHECKOUT / "scripts" / file).read_text())
        assert pins
        for name, version, digest in pins:
            part = parts[(name, version)]
            # What makes the voice network may be a part of the product, too.
            assert part["scope"] == ("required" if name in needed else scope)
            assert part["hashes"] == [{"alg": "SHA-256", "content": digest}]
    setup = (CHECKOUT / "scripts/setup").read_text()
    block = re.search(r"^packages=\((.*?)^\)", setup, re.DOTALL | re.MULTILINE)[1]
    names = {part["name"] for part in bill["components"]}
    assert set(re.sub(r"#.*", "", block).split()) <= names
    assert {"mouth-network", "voice-network", "swift-runtime", "astronaut.png"} <= names


def test_what_the_program_links_and_runs_is_required(bill):
    required = {part["name"] for part in bill["components"] if part["scope"] == "required"}
    assert {"libc6", "libavcodec59", "libsqlite3-0", "libmicrohttpd12", "libcurl4", "libseccomp2", "flite",
            "libespeak-ng1", "openvino", "mediapipe"} <= required
    listed = {file["name"] for part in bill["components"] for file in part.get("components", [])}
    for line in subprocess.run(["ldd", PROGRAM], capture_output=True, text=True).stdout.splitlines():
        library = re.search(r"=> (/\S*/swift/\S+) ", line)
        assert library is None or library[1].rsplit("/", 1)[1] in listed, line
    assert any(name.startswith("libtbb.so") for name in listed) and "face_landmark.tflite" in listed


def test_it_is_the_same_again(bill, tmp_path):
    path = tmp_path / "again.json"
    subprocess.run([CHECKOUT / "scripts/sbom", path], check=True, capture_output=True)
    assert json.loads(path.read_text()) == bill
