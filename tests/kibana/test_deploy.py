"""The files of deploy/ as far as they can be read: one version, checks, passwords from the environment, the settings that staff need."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SCRIPTS = ("certs.sh", "accounts.sh", "bundle.sh")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def test_both_are_pinned_to_one_version(compose):
    images = {service["image"].split(":", 1)[1] for service in compose["services"].values()}
    assert images == {"${STACK_VERSION:-8.19.16}"}
    assert "STACK_VERSION=8.19.16\n" in (DEPLOY / "compose.env.example").read_text("utf-8")


def test_every_service_waits_for_a_condition_and_says_how_it_is(compose):
    services = compose["services"]
    for name, service in services.items():
        for before, how in service.get("depends_on", {}).items():
            wanted = "service_healthy" if "healthcheck" in services[before] else "service_completed_successfully"
            assert how["condition"] == wanted, name
        assert ("healthcheck" in service) == (service.get("restart") == "unless-stopped"), name
    assert {name for name, service in services.items() if "healthcheck" in service} == {"elasticsearch", "kibana"}


def test_every_volume_and_mounted_file_is_there(compose):
    for service in compose["services"].values():
        for mount in service["volumes"]:
            source = mount.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith("./") else source in compose["volumes"], mount


def test_no_password_is_written_and_none_is_optional(compose):
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    wanted = set(re.findall(r"\$\{(\w+)", text))
    offered = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "compose.env.example").read_text("utf-8"), re.M))
    assert wanted == set(offered)
    for name in (name for name in wanted if name.endswith("PASSWORD")):
        assert offered[name] == ""
        assert set(re.findall(rf"\$\{{{name}(.{{2}})", text)) == {":?"}, name
    for service in compose["services"].values():
        for port in service.get("ports", []):
            assert port.startswith(("127.0.0.1:", "${KIBANA_LISTEN:-127.0.0.1}:"))


def test_the_settings_that_staff_need():
    settings = yaml.safe_load((DEPLOY / "kibana.yml").read_text("utf-8"))
    overrides = settings["uiSettings"]["overrides"]
    assert settings["i18n.locale"] == "zh-CN"
    assert overrides["dateFormat:tz"] == "Asia/Shanghai"
    assert overrides["defaultRoute"].endswith("qb-board-overview")
    assert yaml.safe_load(overrides["timepicker:timeDefaults"])["to"] == "now"
    assert "password" not in (DEPLOY / "kibana.yml").read_text("utf-8")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_can_be_read_by_a_shell(script):
    assert subprocess.run(["sh", "-n", DEPLOY / "kibana" / script], check=False).returncode == 0


@pytest.mark.parametrize("script", ["accounts.sh", "bundle.sh"])
def test_no_secret_is_an_argument(script):
    """Arguments of a process can be seen by all others of a machine."""
    for line in (DEPLOY / "kibana" / script).read_text("utf-8").splitlines():
        if "curl" in line:
            assert "PASSWORD" not in line


def test_the_documents_name_what_is_there():
    text = (DEPLOY.parent / "docs" / "kibana.md").read_text("utf-8")
    for name in ("deploy/compose.yaml", "deploy/kibana.yml", "compose.env.example", "QINGBAO_KIBANA_PASSWORD", "QINGBAO_KIBANA_API_KEY", "--create-space", "--keep"):
        assert name in text
    for path in re.findall(r"`((?:deploy|index|tests|docs)/[\w./-]+)`", text):
        assert (DEPLOY.parent / path).exists() or path.endswith(("/.env", "qingbao.ndjson")), path
