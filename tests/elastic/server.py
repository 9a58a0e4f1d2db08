"""A real Elasticsearch server on loopback: fetched by Maven into a cache folder outside the tree, started as nobody in particular."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path

ARTIFACT = "org.elasticsearch.distribution.integ-test-zip:elasticsearch"

# Seconds that a start may take, or an end: 15 on a quiet machine.
PATIENCE = 600

# Elasticsearch refuses to run as root; setpriv takes a free number, no account is needed.
UNPRIVILEGED = 10999

ROLES = Path(__file__).resolve().parents[2] / "deploy" / "elastic" / "roles.yml"


class Missing(Exception):
    """Something that the tests need is not on this machine; the message says what."""


def cache():
    """Where servers are kept between runs; for root a folder that the server's unprivileged user can reach."""
    caches = Path("/var/cache") if os.geteuid() == 0 else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "qingbao" / "elastic"


def find_java(least):
    """The home of the oldest JDK that is at least of this version, None where there is none."""
    homes = [os.environ.get("JAVA_HOME"), *map(str, sorted(Path("/usr/lib/jvm").glob("*"))), *map(str, sorted(Path("/opt").glob("*jdk*")))]
    if (on_path := shutil.which("java")) is not None:
        homes.append(str(Path(on_path).resolve().parents[1]))
    found = {}
    for home in filter(None, homes):
        java = Path(home, "bin", "java")
        if java.exists():
            said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
            if match := re.search(r'version "(\d+)', said):
                found.setdefault(int(match[1]), home)
    return next((found[version] for version in sorted(found) if version >= least), None)


def fetch(version):
    """The unpacked server of a version, by Maven from wherever Maven is set up to fetch from."""
    home = cache() / f"elasticsearch-{version}"
    if (home / "bin" / "elasticsearch").exists():
        return home
    if shutil.which("mvn") is None:
        raise Missing("需要 Maven（mvn）来取得 Elasticsearch；Debian: apt install maven")
    zips = cache() / "zips"
    zips.mkdir(parents=True, exist_ok=True)
    order = ["mvn", "-B", "-q", "dependency:copy", f"-Dartifact={ARTIFACT}:{version}:zip", f"-DoutputDirectory={zips}"]
    done = subprocess.run(order, cwd=zips, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Missing(f"Maven 无法取得 Elasticsearch {version}：\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    with tempfile.TemporaryDirectory(dir=cache()) as fresh:
        with zipfile.ZipFile(zips / f"elasticsearch-{version}.zip") as packed:
            packed.extractall(fresh)
        (unpacked,) = Path(fresh).iterdir()
        for tool in (unpacked / "bin").iterdir():  # zipfile drops the x bits
            tool.chmod(0o755)
        for folder, _, _ in os.walk(unpacked):
            Path(folder).chmod(0o755)
        unpacked.rename(home)
    (zips / f"elasticsearch-{version}.zip").unlink()
    return home


def free_port():
    """A port that nobody listens on, below those that the system gives to outgoing connections: a server that starts later gets it still."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(10_000, max(first, 11_000))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """One node. ``url`` answers once ``start`` has returned; data outlive ``kill`` and ``start``."""

    def __init__(self, version, java, work, *, security=False, heap="256m", settings=()):
        self.version, self.work, self.security = version, Path(work), security
        self._home = fetch(version)
        self._port, self._transport = free_port(), free_port()
        self._settings = settings
        self.url = f"{'https' if security else 'http'}://127.0.0.1:{self._port}"
        self._conf = self.work / "conf"
        shutil.copytree(self._home / "config", self._conf, dirs_exist_ok=True)
        self.ca = self._conf / "tls" / "ca.crt"
        if security:
            make_certificates(self._conf / "tls")
            shutil.copy(ROLES, self._conf / "roles.yml")
        self._environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.work), "ES_JAVA_HOME": java, "ES_PATH_CONF": str(self._conf),
            "ES_JAVA_OPTS": f"-Xms{heap} -Xmx{heap}",
        }
        self._own()

    def add_user(self, name, password, roles):
        """A user of the file realm."""
        self._run("elasticsearch-users", "useradd", name, "-p", password, "-r", roles)

    def start(self):
        """Start the node and wait until it is ready."""
        self._own()
        settings = {
            "discovery.type": "single-node", "http.host": "127.0.0.1", "transport.host": "127.0.0.1", "http.port": self._port,
            "transport.port": self._transport, "path.data": self.work / "data", "path.logs": self.work / "logs",
            "cluster.routing.allocation.disk.threshold_enabled": "false", "xpack.security.enabled": str(self.security).lower(),
        }
        if self.security:
            settings |= {
                "xpack.security.http.ssl.enabled": "true", "xpack.security.http.ssl.key": "tls/http.key",
                "xpack.security.http.ssl.certificate": "tls/http.crt", "xpack.security.transport.ssl.enabled": "false",
                "xpack.security.enrollment.enabled": "false",
            }
        settings |= dict(self._settings)
        options = [word for name, value in settings.items() for word in ("-E", f"{name}={value}")]
        self._run("elasticsearch", "-d", "-p", str(self.work / "es.pid"), *options)
        self._wait()

    def revive(self):
        """Start the node if a test left it dead."""
        file = self.work / "es.pid"
        if not file.exists() or not _runs(int(file.read_text())):
            file.unlink(missing_ok=True)
            self.start()

    def stop(self):
        """Stop the node as an administrator would."""
        self._end(15)

    def kill(self):
        """Stop the node as a power cut would."""
        self._end(9)

    def _end(self, signal):
        file = self.work / "es.pid"
        if not file.exists():
            return
        pid = int(file.read_text())
        with suppress(ProcessLookupError):
            os.kill(pid, signal)
        end = time.monotonic() + PATIENCE
        while _runs(pid):  # else the next start would find the data locked
            if time.monotonic() > end:
                raise Missing(f"Elasticsearch {self.version} 没有在 {PATIENCE} 秒内停止（进程 {pid}）")
            time.sleep(0.1)
        file.unlink(missing_ok=True)

    def _wait(self):
        context = ssl.create_default_context(cafile=str(self.ca)) if self.security else None
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/_cluster/health", context=context, timeout=60):
                    return
            except urllib.error.HTTPError:  # 401: it answers
                return
            except OSError:
                if time.monotonic() > end:
                    raise Missing(f"Elasticsearch {self.version} 没有在 {PATIENCE} 秒内启动；见 {self.work}/logs") from None
                time.sleep(0.2)

    def _own(self):
        for folder in ("data", "logs"):
            (self.work / folder).mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{UNPRIVILEGED}:{UNPRIVILEGED}", str(self.work)], check=True)

    def _run(self, tool, *arguments):
        order = [str(self._home / "bin" / tool), *arguments]
        if os.geteuid() == 0:
            order = ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", "env", "-i",
                     *(f"{name}={value}" for name, value in self._environment.items()), *order]
        done = subprocess.run(order, env=self._environment, cwd=self.work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
        if done.returncode != 0:
            raise Missing(f"{tool} {self.version} 失败：\n{done.stdout[-3000:]}")


def _runs(pid):
    """Whether a process still works; one that ended and that nobody has asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def running(version, java, *, users=(), **more):
    """A server that is stopped and removed whatever happens; ``users``: (name, password, role), there from its start."""
    fetch(version)
    work = Path(tempfile.mkdtemp(prefix=f"qingbao-es-{version}-"))
    work.chmod(0o755)
    server = Server(version, java, work, **more)
    try:
        for user in users:
            server.add_user(*user)
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(work, ignore_errors=True)


def make_certificates(folder):
    """A CA of our own and a certificate for loopback signed by it."""
    folder.mkdir(parents=True, exist_ok=True)

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 30, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=qingbao test CA")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "http.key", "-out", "http.csr", "-subj", "/CN=localhost")
    (folder / "names.cnf").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "http.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", 30, "-out", "http.crt",
            "-extfile", "names.cnf")
