"""The conversation with Kibana: each answer ends in a clear Chinese sentence, nothing that failed is called done."""

import base64
import json
import logging
import shutil
import socket
import ssl

import pytest

from index.kibana import client as module
from index.kibana.client import Kibana, Settings, read_import
from qingbao.errors import CannotWork
from tests.kibana.fake import KEY, PASSWORD, FakeKibana, serving
from tests.kibana.samples import data, objects

TOTAL = len(objects())


@pytest.fixture
def kibana():
    return FakeKibana()


@pytest.fixture
def url(kibana):
    with serving(kibana) as address:
        yield address


def at(url, **more):
    return Kibana(Settings(url=url, space="qingbao", **more))


def run(url, *, bundle=None, create=True, overwrite=True, **more):
    client = at(url, **more)
    client.ready()
    client.prepare_space("招商情报", create=create)
    return client.send(data() if bundle is None else bundle, overwrite=overwrite)


@pytest.mark.parametrize("version", ["8.19.16", "9.5.0"])
def test_an_import_into_an_empty_kibana_and_again(kibana, url, version):
    kibana.version = version
    for _ in range(2):
        done = run(url)
        assert (done.failed, len(done.written)) == ((), TOTAL)
        assert len(kibana.objects()) == TOTAL
    assert "仪表板“招商线索总览”" in done.written
    assert kibana.asked[-1] == ("POST", "/s/qingbao/api/saved_objects/_import", "overwrite=true")


def test_the_default_space_has_no_part_in_the_path(kibana, url):
    client = Kibana(Settings(url=url, space="default"))
    assert client.prepare_space("招商情报", create=False) is False
    assert client.send(data()).failed == ()
    assert kibana.asked[-1][1] == "/api/saved_objects/_import"


def test_a_base_path_before_everything(kibana):
    kibana.base = "/kibana"
    with serving(kibana) as url:
        assert url.endswith("/kibana")
        assert run(url + "/").failed == ()


def test_a_data_view_deleted_in_kibana_comes_back(kibana, url):
    run(url)
    del kibana.objects()["index-pattern", "qb-view-prospects"]
    assert run(url).failed == ()
    assert len(kibana.objects()) == TOTAL


def test_after_every_import_nothing_that_is_referred_to_is_missing(kibana, url):
    """Before the first index run, again, after a data view was deleted, and in a second space: m21 of the collected troubles."""
    for deleted in ((), ("index-pattern", "qb-view-prospects"), ("search", "qb-search-list"), ("lens", "qb-lens-top")):
        kibana.objects().pop(deleted, None)
        assert run(url).failed == ()
        kept = kibana.objects()
        assert len(kept) == TOTAL
        for one in kept.values():
            assert {(r["type"], r["id"]) for r in one["references"]} <= set(kept)
    views = [one for (kind, _), one in kibana.objects().items() if kind == "index-pattern"]
    assert all(one["attributes"]["allowNoIndex"] is True for one in views)


def test_a_second_space_gets_its_own(kibana, url):
    run(url)
    other = Kibana(Settings(url=url, space="second"))
    assert other.prepare_space("二", create=True) is True
    assert other.send(data()).failed == ()
    assert kibana.objects("second").keys() == kibana.objects().keys()


def test_conflicts_are_told_by_title_and_nothing_was_written(kibana, url):
    run(url)
    del kibana.objects()["tag", "qb-tag"]
    done = run(url, overwrite=False)
    assert done.nothing
    assert done.written == ()
    assert len(done.failed) == TOTAL - 1
    assert any("仪表板“产业链”" in line and "已有" in line for line in done.failed)
    assert ("tag", "qb-tag") not in kibana.objects()


def test_missing_references_are_told_by_title(kibana, url):
    lines = [line for line in data().split(b"\n") if b'"id":"qb-view-prospects","refer' not in line]
    done = run(url, bundle=b"\n".join(lines))
    assert done.nothing
    assert any("搜索“甲级线索”" in line and "数据视图 qb-view-prospects" in line for line in done.failed)
    assert kibana.objects() == {}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"type": "unknown", "message": "[attributes.columns]: expected value of type [array]", "statusCode": 400}, "expected value"),
        ({"type": "unknown", "message": "Forbidden", "statusCode": 403}, "403"),
        ({"type": "unsupported_type"}, "不认识"),
        ({"type": "ambiguous_conflict", "destinations": [{"id": "a", "title": "旧总览"}]}, "旧总览"),
        ({"type": "missing_access_control_mode"}, "missing_access_control_mode"),  # of a newer Kibana
        ({}, "没有说明原因"),
    ],
)
def test_an_object_that_is_refused_is_told_with_its_reason(kibana, url, error, words):
    key = ("lens", "qb-lens-tiers")
    kibana.broken[key] = error or {"type": None}
    done = run(url)
    assert len(done.failed) == 1
    assert "图表“各等级线索”" in done.failed[0]
    assert words in done.failed[0]
    assert done.nothing is (error.get("type") == "ambiguous_conflict")
    assert len(done.written) == (0 if done.nothing else TOTAL - 1)


def test_a_version_that_is_too_old_for_an_object(kibana, url):
    newer = data().replace(b'"typeMigrationVersion":"10.2.0"', b'"typeMigrationVersion":"10.99.0"')
    with pytest.raises(CannotWork, match=r"版本太旧.*more recent version.*没有写入"):
        run(url, bundle=newer)
    assert kibana.objects() == {}


@pytest.mark.parametrize("version", ["8.18.5", "7.17.29", "10.0.0"])
def test_a_kibana_for_which_the_bundle_is_not(kibana, url, version):
    kibana.version = version
    with pytest.raises(CannotWork, match=r"8\.19 和 9\.x"):
        run(url)
    assert [path for method, path, _ in kibana.asked] == ["/api/status"]


def test_the_header_that_a_proxy_dropped(kibana, url):
    kibana.strip_xsrf = True
    with pytest.raises(CannotWork, match="kbn-xsrf"):
        run(url)


def test_users_and_keys(kibana, url):
    kibana.secured = True
    for wrong in ({}, {"user": "qb", "password": "falsch"}, {"api_key": "falsch"}):
        with pytest.raises(CannotWork, match="拒绝登录"):
            run(url, **wrong)
    assert run(url, user="qb", password=PASSWORD).failed == ()
    assert run(url, api_key=KEY, user="qb", password="falsch").failed == ()


def test_rights(kibana, url):
    kibana.spaces["qingbao"] = {}
    kibana.forbid = ("/api/spaces/space/qingbao",)  # may not look at spaces: the import is tried
    assert run(url).failed == ()
    kibana.forbid = ("_import",)
    with pytest.raises(CannotWork, match="Saved Objects Management"):
        run(url)
    del kibana.spaces["qingbao"]
    kibana.forbid = ("/api/spaces/space",)
    with pytest.raises(CannotWork, match="管理空间"):
        run(url)


def test_a_space_that_is_not_there(kibana, url):
    with pytest.raises(CannotWork, match=r"没有空间“qingbao”.*--create-space"):
        run(url, create=False)
    with pytest.raises(CannotWork, match="没有空间"):
        at(url).send(data())
    assert "qingbao" not in kibana.spaces


def test_a_space_that_somebody_makes_meanwhile(kibana, url, monkeypatch):
    real = kibana._space

    def late(method, path, body):
        answer = real(method, path, body)
        kibana.spaces.setdefault("qingbao", {})
        return answer

    monkeypatch.setattr(kibana, "_space", late)
    assert run(url).failed == ()


def test_the_name_of_the_file(kibana, url, monkeypatch):
    monkeypatch.setattr(module, "FILE_NAME", "qingbao.txt")
    with pytest.raises(CannotWork, match=r"Invalid file extension qingbao\.txt"):
        run(url)


def test_an_object_twice_in_the_file(kibana, url):
    with pytest.raises(CannotWork, match="Non-unique"):
        run(url, bundle=data() + b"\n" + data().split(b"\n")[0])


def test_kibana_is_still_starting(kibana, url):
    kibana.starting = True
    with pytest.raises(CannotWork, match="还在启动"):
        run(url)
    with pytest.raises(CannotWork, match="还在启动"):
        at(url).send(data())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((413, {"message": "Payload too large"}), "client_max_body_size"),
        ((500, {"message": "An internal server error occurred"}), "HTTP 500"),
        ((502, b"<html>Bad Gateway</html>"), "HTTP 502"),
        ((302, b"", {"Location": "/login"}), "转到别处"),
        ((200, b"<html>login</html>"), "看不懂"),
        ((200, {"successCount": 3}), "看不懂"),
        ((200, [1]), "看不懂"),
    ],
)
def test_other_answers_are_no_success(kibana, url, answer, words):
    kibana.instead = answer
    with pytest.raises(CannotWork, match=words):
        run(url)


def test_success_false_without_a_reason_is_no_success():
    told = [{"type": one.type, "id": one.id} for one in objects()]
    done = read_import(data(), {"success": False, "successCount": 0, "successResults": told})
    assert len(done.failed) == 1
    assert "没有成功" in done.failed[0]


def test_objects_that_kibana_does_not_mention_were_not_written():
    told = [{"type": one.type, "id": one.id} for one in objects()[1:]]
    done = read_import(data(), {"success": True, "successCount": len(told), "successResults": told})
    assert [line for line in done.failed if "标签“招商情报”" in line] == list(done.failed)


def test_warnings_and_new_ids_are_told():
    told = [{"type": one.type, "id": one.id} for one in objects()]
    told[0] |= {"destinationId": "x-1"}
    done = read_import(data(), {"success": True, "successResults": told, "warnings": [{"type": "simple", "message": "旧格式"}]})
    assert done.failed == ()
    assert done.warnings[0] == "旧格式"
    assert "x-1" in done.warnings[1]


def test_something_else_at_the_address(kibana, url):
    kibana.answer = lambda *_: (200, {"tagline": "You Know, for Search"})
    with pytest.raises(CannotWork, match="不是 Kibana"):
        run(url)


def test_nobody_at_the_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(CannotWork, match="无法连接"):
        at(f"http://127.0.0.1:{port}").ready()


def test_an_answer_that_does_not_come():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CannotWork, match="没有回答"):
        at(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2).ready()


@pytest.mark.parametrize("wrong", ["127.0.0.1:5601", "ftp://x", "http://user:secret@x:5601", "http://", "http://x/?a=b"])
def test_a_wrong_url_is_told_without_its_secret(wrong):
    with pytest.raises(CannotWork, match=r"kibana\.url") as told:
        at(wrong)
    assert "secret" not in str(told.value)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_tls_with_an_own_ca(kibana, tmp_path):
    from tests.elastic.server import make_certificates

    make_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "http.crt", tmp_path / "http.key")
    with serving(kibana, context) as url:
        assert run(url, ca_file=tmp_path / "ca.crt").failed == ()
        with pytest.raises(CannotWork, match="证书"):
            run(url)
        with pytest.raises(CannotWork, match="https"):
            run(url.replace("https", "http"))
    with serving(kibana) as url, pytest.raises(CannotWork, match="http"):
        run(url.replace("http", "https"), ca_file=tmp_path / "ca.crt")
    with pytest.raises(CannotWork, match=r"找不到.*ca_file"):
        run("https://127.0.0.1:1", ca_file=tmp_path / "no.crt")
    (tmp_path / "wrong.crt").write_text("no certificate")
    with pytest.raises(CannotWork, match=r"不是 CA"):
        run("https://127.0.0.1:1", ca_file=tmp_path / "wrong.crt")


def test_no_secret_is_ever_said(kibana, url, caplog):
    caplog.set_level(logging.DEBUG)
    kibana.secured = True
    client = at(url, user="qb", password="falsch-geheim", api_key=None)
    with pytest.raises(CannotWork) as told:
        client.send(data())
    said = f"{told.value} {client._settings!r} {Settings(url=url, api_key='falsch-key')!r} {caplog.text}"
    assert "falsch" not in said
    assert base64.b64encode(b"qb:falsch-geheim").decode() not in said


def test_what_is_sent_is_what_is_exported(kibana, url):
    run(url)
    kept = [json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for one in kibana.objects().values()]
    assert sorted(kept) == sorted(data().decode().split("\n"))
