"""The scripts of deploy/kibana against a real server with TLS and our roles, and against a Kibana that answers as documented."""

import os
import ssl
import subprocess
from pathlib import Path

import pytest

from index.elastic import ElasticSearch
from qingbao.errors import CannotWork
from tests.elastic.engines import settings
from tests.elastic.server import fetch, make_certificates
from tests.index.samples import doc, keys
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


def test_accounts_are_made_and_may_do_what_they_should(secure_server):
    secure_server.add_user("elastic", "elastic-password", "superuser")
    passwords = {f"QINGBAO_{role.upper()}_PASSWORD": f"new{role}123" for role in ("setup", "run", "staff")}
    for _ in range(2):
        done = run(SCRIPTS / "accounts.sh", ELASTIC_URL=secure_server.url, CA_FILE=secure_server.ca, ELASTIC_PASSWORD="elastic-password",
                   KIBANA_SYSTEM_PASSWORD="kibanasystem1", **passwords)
        assert done.returncode == 0, done.stderr

    def as_account(role):
        return ElasticSearch(settings(secure_server.url, user=f"qb_{role}", password=f"new{role}123", ca_file=secure_server.ca), sleep=lambda _: None)

    as_account("setup").rebuild([doc("a", "甲")])
    as_account("run").put([doc("b", "乙")])
    as_account("run").refresh()
    assert keys(as_account("staff")) == ["a", "b"]
    with pytest.raises(CannotWork):
        as_account("staff").put([doc("c", "丙")])


def test_a_wrong_password_ends_the_accounts(secure_server):
    done = run(SCRIPTS / "accounts.sh", ELASTIC_URL=secure_server.url, CA_FILE=secure_server.ca, ELASTIC_PASSWORD="falsch", KIBANA_SYSTEM_PASSWORD="x",
               QINGBAO_SETUP_PASSWORD="x", QINGBAO_RUN_PASSWORD="x", QINGBAO_STAFF_PASSWORD="x")
    assert done.returncode != 0
    assert "falsch" not in done.stdout + done.stderr


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
