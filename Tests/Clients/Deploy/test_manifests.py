"""What containers, clusters and systemd are told fits together, names what exists, and gives up every right."""

import re
import shutil
import subprocess

import pytest
import yaml
from lipsmith import CHECKOUT, running_server

DEPLOY = CHECKOUT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
UNITS = sorted((DEPLOY / "debian").glob("*.service"))


def manifests() -> dict[tuple[str, str], dict]:
    """Everything for Kubernetes, by kind and name."""
    found = {}
    for path in sorted(KUBERNETES.glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            if document["kind"] != "Kustomization":
                assert document["apiVersion"], path
                assert found.setdefault((document["kind"], document["metadata"]["name"]), document) is document
    return found


MANIFESTS = manifests()
PODS = {
    name: (manifest["spec"]["template"]["spec"], manifest)
    for (kind, name), manifest in MANIFESTS.items() if kind in ("Deployment", "Job")
}
PROGRAMS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "lipsmith"}


def seconds(text: str) -> int:
    """A time of compose in seconds."""
    return int(re.fullmatch(r"(\d+)s", text)[1])


def test_every_variable_is_a_setting():
    known = set(re.findall(r"`(LIPSMITH_[A-Z_]+)`", (CHECKOUT / "docs/configuration.md").read_text()))
    named = set()
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            named |= set(re.findall(r"LIPSMITH_[A-Z_]+[A-Z]", path.read_text()))
    assert len(named) > 5 and named <= known, named - known


# Kubernetes


def test_kustomize_takes_every_file():
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    assert sorted([*listed, "kustomization.yaml"]) == sorted(path.name for path in KUBERNETES.iterdir())


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_no_rights_and_one_folder(name):
    pod, _ = PODS[name]
    assert pod["automountServiceAccountToken"] is False
    security = pod["securityContext"]
    assert security["runAsNonRoot"] is True and security["seccompProfile"] == {"type": "RuntimeDefault"}
    users = re.search(r"USER (\d+):(\d+)", (DEPLOY / "Containerfile").read_text())
    assert (security["runAsUser"], security["runAsGroup"]) == (int(users[1]), int(users[2]))
    [container] = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]} == {
        "data": "/var/lib/lipsmith", "tmp": "/tmp"}
    assert {volume["name"] for volume in pod["volumes"]} == {"data", "tmp"}
    assert "memory" in container["resources"]["limits"] and container["resources"]["requests"]
    values = {variable["name"]: variable["value"] for variable in container["env"]}
    assert values["LIPSMITH_DATA"].startswith("/var/lib/lipsmith/")
    for source in container["envFrom"]:
        for kind, reference in source.items():
            assert ({"configMapRef": "ConfigMap", "secretRef": "Secret"}[kind], reference["name"]) in MANIFESTS


@pytest.mark.parametrize("name", ["lipsmith-server", "lipsmith-node"])
def test_a_pod_has_time_to_end(name):
    pod, manifest = PODS[name]
    [container] = pod["containers"]
    values = {variable["name"]: variable["value"] for variable in container["env"]}
    before = container.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", ["sleep", "0"])
    assert pod["terminationGracePeriodSeconds"] > int(values["LIPSMITH_SHUTDOWN_SECONDS"]) + int(before[1])
    labels = manifest["spec"]["template"]["metadata"]["labels"]
    for selector in [manifest["spec"]["selector"], MANIFESTS["PodDisruptionBudget", name]["spec"]["selector"]]:
        assert selector["matchLabels"].items() <= labels.items()
    others = [other for other in PODS if other != name]
    assert all(PODS[other][1]["spec"]["template"]["metadata"]["labels"] != labels for other in others)


def test_whoever_calls_reaches_the_servers():
    service = MANIFESTS["Service", "lipsmith"]
    pod, manifest = PODS["lipsmith-server"]
    assert service["spec"]["selector"].items() <= manifest["spec"]["template"]["metadata"]["labels"].items()
    [port] = service["spec"]["ports"]
    assert port["targetPort"] in {port["name"] for port in pod["containers"][0]["ports"]}
    backends = {
        path["path"]: path["backend"]["service"]["name"]
        for (kind, _), ingress in MANIFESTS.items() if kind == "Ingress"
        for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]
    }
    # Nobody stands behind the numbers.
    assert ("Service", backends.pop("/metrics")) not in MANIFESTS
    assert backends == {"/": "lipsmith", "/v1/uploads": "lipsmith"}
    target = MANIFESTS["HorizontalPodAutoscaler", "lipsmith-node"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) in MANIFESTS and target["name"] in PODS


def test_probes_and_scaling_ask_for_what_a_server_answers():
    with running_server() as server, server.client() as client:
        for name in ("lipsmith-server", "lipsmith-node"):
            container = PODS[name][0]["containers"][0]
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                assert client.get(container[probe]["httpGet"]["path"]).status_code == 200, (name, probe)
        rule = re.search(r"metricsQuery: '(.*)'", (KUBERNETES / "autoscaling.yaml").read_text())[1]
        numbers = re.findall(r"max\((.*?)\)", rule)
        assert len(numbers) == 2
        text = client.get("/metrics").text
        for number in numbers:
            assert f"\n{number} 0\n" in text


# Compose


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_container_has_no_rights_and_one_folder(name):
    service = PROGRAMS[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [volume.rsplit(":", 1)[-1] for volume in service["volumes"]] == ["/var/lib/lipsmith"]
    assert "ports" not in service
    if "stop_grace_period" in service:
        limit = int(service["environment"]["LIPSMITH_SHUTDOWN_SECONDS"])
        assert seconds(service["stop_grace_period"]) > limit
        assert service["deploy"]["resources"]["limits"]["memory"]
    else:
        assert service["restart"] == "no"


def test_names_of_compose_exist_and_images_are_pinned():
    for name, service in COMPOSE["services"].items():
        assert service["image"] == "lipsmith" or re.search(r":[^:/]*\d+\.\d+|:RELEASE\.\d{4}-", service["image"]), name
        for kind in ("networks", "secrets"):
            assert set(service.get(kind, [])) <= set(COMPOSE[kind]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).exists() or ":" not in volume, (name, volume)
        for other, wanted in service.get("depends_on", {}).items():
            condition = wanted["condition"]
            # A container that ends is waited for; one that stays has to tell its health, here or in its image.
            ends = COMPOSE["services"][other]["restart"] == "no"
            assert condition == ("service_completed_successfully" if ends else "service_healthy"), (name, other)
            assert ends or other in PROGRAMS or "healthcheck" in COMPOSE["services"][other], (name, other)


def test_database_and_bucket_are_reached_from_inside_alone():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    for name in ("database", "bucket"):
        assert COMPOSE["services"][name]["networks"] == ["inside"]
    assert "inside" not in COMPOSE["services"]["proxy"]["networks"]


def test_the_proxy_keeps_pieces_together_and_numbers_back():
    file = (DEPLOY / "Caddyfile").read_text()
    pieces = re.search(r"@pieces path (.*)", file)[1].split()
    assert pieces == ["/v1/uploads", "/v1/uploads/*"]
    assert re.search(r"handle @pieces \{.*?lb_policy ip_hash", file, re.DOTALL)
    # Caddy answers by a `handle` before it looks at a `respond` outside of one.
    assert re.search(r"handle /metrics \{\s*respond 404", file)
    servers = re.findall(r"\{\$SERVERS:([^}]*)\}", file)
    assert len(servers) == 2
    for text in servers:
        assert [address.split(":")[0] for address in text.split()] == [
            name for name in PROGRAMS if name.startswith("server")]


# systemd


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_lets_the_program_end_and_confine_its_children(unit):
    text = unit.read_text()
    values = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    limit = re.search(r"LIPSMITH_SHUTDOWN_SECONDS=(\d+)", text)
    assert int(values["TimeoutStopSec"]) > int(limit[1] if limit else 30)
    assert values["KillMode"] == "mixed" and values["NoNewPrivileges"] == "true"
    assert values["CapabilityBoundingSet"] == "" and values["ProtectSystem"] == "strict"
    assert {"seccomp", "landlock_restrict_self"} <= set(values["SystemCallFilter"].split())
    assert "MemoryDenyWriteExecute" not in values


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path):
    for unit in UNITS:
        # The program need not be installed here.
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text().replace("/usr/bin/lipsmith", "/bin/true"))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())], capture_output=True, text=True)
    own = [line for line in checked.stderr.splitlines() if "lipsmith" in line]
    assert own == [], checked.stderr
