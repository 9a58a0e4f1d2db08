"""TLS, users and the three roles of deploy/elastic/roles.yml; secrets appear nowhere."""

import base64
import logging
import shutil
import subprocess

import pytest

from index.elastic import ElasticSearch
from index.feed import feed
from index.search import Kind, Query
from qingbao.errors import CannotWork
from records import open_records
from tests.elastic.door import door
from tests.elastic.engines import Shown, settings
from tests.elastic.server import make_certificates
from tests.elastic.test_faults import companies, settle
from tests.index.samples import doc, gone, keys


def as_user(server, role, *, engine=Shown, **more):
    facts = {"user": f"qb_{role}", "password": f"{role}-password", "ca_file": server.ca} | more
    return engine(settings(server.url, **facts), sleep=lambda _: None)


@pytest.fixture
def records(tmp_path):
    with open_records(tmp_path / "records.db") as opened:
        yield opened


@pytest.fixture
def built(secure_server):
    secure_server.revive()
    setup = as_user(secure_server, "setup", engine=ElasticSearch)
    setup.rebuild([doc("a", "甲")])
    return secure_server


def test_setup_builds_and_run_writes_and_staff_reads(built):
    run, staff = as_user(built, "run"), as_user(built, "staff")
    assert run.rebuild_reason() is None
    run.put([doc("b", "乙")])
    run.delete([gone("a", 2)])
    assert keys(run) == keys(staff) == ["b"]
    assert run.health().usable
    as_user(built, "setup", engine=ElasticSearch).rebuild([doc("c", "丙")])
    assert keys(staff, "丙") == ["c"]


def test_run_can_neither_build_nor_widen(built):
    run = as_user(built, "run")
    with pytest.raises(CannotWork, match="qingbao_setup"):
        run.rebuild([])
    assert keys(run) == ["a"]
    with pytest.raises(CannotWork, match="权限"):
        run.call(run.client.indices.put_mapping, index="qingbao-articles", properties={"more": {"type": "keyword"}})


def test_staff_cannot_write(built):
    staff = as_user(built, "staff")
    with pytest.raises(CannotWork, match="权限"):
        staff.put([doc("b", "乙")])
    assert keys(staff) == ["a"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"password": "wrong-secret"}, "拒绝登录"),
        ({"user": None}, "拒绝登录"),
        ({"api_key": "d3Jvbmc6c2VjcmV0"}, "拒绝登录"),
        ({"ca_file": None}, "证书"),
        ({"ca_file": None, "fingerprint": "00" * 32}, "证书"),
    ],
)
def test_a_wrong_way_in_is_told_plainly_and_no_secret_with_it(built, caplog, more, sentence):
    caplog.set_level(logging.DEBUG)
    engine = as_user(built, "run", **more)
    with pytest.raises(CannotWork, match=sentence) as told:
        engine.search(Query())
    assert engine.health().usable is False
    said = f"{told.value} {engine.health().message} {engine._settings!r} {caplog.text}"
    for secret in ("wrong-secret", "run-password", "d3Jvbmc6c2VjcmV0"):
        assert secret not in said


def test_an_api_key_is_a_way_in_until_it_is_invalidated(built, records, caplog):
    caplog.set_level(logging.DEBUG)
    key = base64.b64encode(b"VuaCfGcBCdbkQm-e5aOx:ui2lp2axTNmsyakw9tvNnw").decode()
    keys_that_hold = {key: ("qb_run", "run-password")}
    with door(built, keys_that_hold) as url:
        engine = Shown(settings(url, api_key=key, ca_file=built.ca), sleep=lambda _: None)
        settle(records, 0, 10)
        assert feed(records, engine).put == 10
        assert keys(engine, kinds=(Kind.ARTICLE,)) == ["a"]
        keys_that_hold.clear()
        settle(records, 10, 30)
        with pytest.raises(CannotWork, match="API key") as told:
            feed(records, engine)
        assert (records.outbox_size(), engine.health().usable) == (20, False)
        keys_that_hold["bmV3OmtleQ=="] = ("qb_run", "run-password")
        renewed = Shown(settings(url, api_key="bmV3OmtleQ==", ca_file=built.ca), sleep=lambda _: None)
        assert feed(records, renewed).put == 20
        assert companies(renewed) == 30
    said = f"{told.value} {engine.health().message} {engine._settings!r} {caplog.text}"
    assert key not in said
    assert "ui2lp2axTNmsyakw9tvNnw" not in said


def test_the_servers_fingerprint_is_a_way_in(built):
    found = subprocess.run(
        ["openssl", "x509", "-in", built.ca.with_name("http.crt"), "-noout", "-fingerprint", "-sha256"], capture_output=True, text=True, check=True
    ).stdout
    fingerprint = found.strip().partition("=")[2]
    assert keys(as_user(built, "run", ca_file=None, fingerprint=fingerprint)) == ["a"]


def test_http_where_https_is_spoken_and_the_other_way_round(built, engine):
    plain = ElasticSearch(settings(built.url.replace("https", "http")), sleep=lambda _: None)
    with pytest.raises(CannotWork, match="https"):
        plain.search(Query())
    secure = ElasticSearch(settings(engine._settings.url.replace("http", "https")), sleep=lambda _: None)
    with pytest.raises(CannotWork, match="http"):
        secure.search(Query())


def test_a_ca_file_that_is_not_there(tmp_path):
    with pytest.raises(CannotWork, match="ca_file"):
        ElasticSearch(settings("https://127.0.0.1:9200", ca_file=tmp_path / "no.crt"))


def test_another_certificate_is_refused_until_its_ca_is_given(secure_server, built, tmp_path):
    """As the last test of this module: the server gets a new certificate."""
    old_ca = shutil.copy(secure_server.ca, tmp_path / "old.crt")
    secure_server.stop()
    for left in secure_server.ca.parent.iterdir():
        left.unlink()
    make_certificates(secure_server.ca.parent)
    secure_server.start()
    with pytest.raises(CannotWork, match="证书"):
        as_user(secure_server, "run", ca_file=type(secure_server.ca)(old_ca)).search(Query())
    assert keys(as_user(secure_server, "run")) == ["a"]
