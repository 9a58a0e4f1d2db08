"""The scripts of deploy/kibana: certificates by the real tool, accounts and bundle against servers that answer as documented."""

import base64
import json
import os
import ssl
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.elastic.server import ROLES, fetch, make_certificates
from tests.kibana.fake import PASSWORD, FakeKibana, serving
from tests.kibana.samples import data, objects

SCRIPTS = Path(__file__).resolve().parents[2] / "deploy" / "kibana"


def run(script, **environment):
    return subprocess.run(["sh", script], env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | {k: str(v) for k, v in environment.items()},
                          capture_output=True, text=True, check=False)


def test_certificates_are_made_once(tmp_path):
    home = fetch(os.environ["QINGBAO_TEST_ELASTIC_VERSION"])
    more = {"CERTS": tmp_path, "CERTUTIL": home / "bin" / "elasticsearch-certutil", "ES_JAVA_HOME": os.environ["QINGBAO_TEST_ELASTIC_JAVA"]}
    done = run(SCRIPTS / "certs.sh", **more)
    assert done.returncode == 0, done.stderr
    kept = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert set(kept) == {"ca.crt", "ca.key", "elasticsearch.crt", "elasticsearch.key", "kibana.crt", "kibana.key"}
    for name in ("elasticsearch", "kibana"):
        order = ["openssl", "verify", "-CAfile", tmp_path / "ca.crt", "-verify_hostname", name, tmp_path / f"{name}.crt"]
        assert subprocess.run(order, capture_output=True, check=False).returncode == 0
    assert run(SCRIPTS / "certs.sh", **more).returncode == 0
    assert kept == {file.name: file.read_bytes() for file in tmp_path.iterdir()}


class Accounts:
    """The user part of Elasticsearch, as documented: the archives on Maven lack what the real store of users needs."""

    base = ""

    def __init__(self):
        self.users, self.right, self.status = {}, "elastic1", 200

    def answer(self, method, path, headers, body):
        if headers.get("Authorization") != "Basic " + base64.b64encode(f"elastic:{self.right}".encode()).decode():
            return 401, {"error": {"type": "security_exception"}}
        if path == "/_security/user/kibana_system/_password" and method == "POST":
            self.users["kibana_system"] = json.loads(body)
        elif path.startswith("/_security/user/") and method == "PUT":
            self.users[path.rsplit("/", 1)[1]] = json.loads(body)
        else:
            return 404, {}
        return self.status, {"created": True}


def accounts(folder, server, password="elastic1"):
    make_certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "http.crt", folder / "http.key")
    with serving(server, context) as url:
        return run(SCRIPTS / "accounts.sh", ELASTIC_URL=url, CA_FILE=folder / "ca.crt", ELASTIC_PASSWORD=password, KIBANA_SYSTEM_PASSWORD="kib1",
                   QINGBAO_SETUP_PASSWORD="setup1", QINGBAO_RUN_PASSWORD="run1", QINGBAO_STAFF_PASSWORD="staff1")


def test_accounts_get_roles_that_there_are(tmp_path):
    server = Accounts()
    done = accounts(tmp_path, server)
    assert (done.returncode, done.stderr) == (0, "")
    assert {name: facts["password"] for name, facts in server.users.items()} == {
        "kibana_system": "kib1", "qb_setup": "setup1", "qb_run": "run1", "qb_staff": "staff1",
    }
    known = set(yaml.safe_load(ROLES.read_text("utf-8"))) | {"qingbao_kibana"}  # the latter by bundle.sh
    given = {role for facts in server.users.values() for role in facts.get("roles", [])}
    assert given == known
    assert server.users["qb_run"]["roles"] == ["qingbao_run"]


def test_what_is_refused_ends_the_accounts_and_no_secret_is_said(tmp_path):
    server = Accounts()
    done = accounts(tmp_path, server, "falsch")
    assert done.returncode != 0
    assert server.users == {}
    assert "falsch" not in done.stdout + done.stderr
    server.status = 400
    assert accounts(tmp_path, server).returncode != 0
    assert list(server.users) == ["kibana_system"]


@pytest.fixture
def kibana(tmp_path):
    make_certificates(tmp_path / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "tls" / "http.crt", tmp_path / "tls" / "http.key")
    fake = FakeKibana()
    fake.secured, fake.user = True, "elastic"
    (tmp_path / "bundle.sh").write_bytes((SCRIPTS / "bundle.sh").read_bytes())
    with serving(fake, context) as url:
        fake.run = lambda: run(tmp_path / "bundle.sh", KIBANA_URL=url, CA_FILE=tmp_path / "tls" / "ca.crt", ELASTIC_PASSWORD=PASSWORD, SPACE="qingbao")
        yield fake


def test_the_bundle_is_imported_again_and_again(kibana, tmp_path):
    assert "kibana export" in kibana.run().stdout
    (tmp_path / "qingbao.ndjson").write_bytes(data())
    for _ in range(2):
        done = kibana.run()
        assert (done.returncode, done.stderr) == (0, "")
        assert len(kibana.objects()) == len(objects())
    assert kibana.roles["qingbao_kibana"]["kibana"] == [{"base": ["read"], "spaces": ["qingbao"]}]


def test_success_false_is_no_success_for_the_script(kibana, tmp_path):
    (tmp_path / "qingbao.ndjson").write_bytes(data())
    kibana.broken["lens", "qb-lens-tiers"] = {"type": "unknown", "message": "schema", "statusCode": 400}
    done = kibana.run()
    assert done.returncode == 1
    assert "schema" in done.stderr
    kibana.starting = True
    assert kibana.run().returncode == 1
