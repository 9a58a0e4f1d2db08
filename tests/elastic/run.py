"""``make test-elastic``: the contract's suite and the tests beside this file on every real server that this machine can run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

from tests.elastic.server import Missing, find_java, running

# Always the first; the second where a JDK for it is found.
SERVERS = (("8.19.16", 17), ("9.5.0", 21))

SUITES = ("tests/index", "tests/elastic")


def main():
    """Run all; the exit code is 0 only if nothing failed and nothing was skipped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else the server would outlive us
    for tool, how in (("mvn", "apt install maven"), ("openssl", "apt install openssl")):
        if shutil.which(tool) is None:
            print(f"make test-elastic 需要 {tool}（{how}）。", file=sys.stderr)
            return 2
    if find_java(17) is None:
        print("make test-elastic 需要 Java 17（apt install openjdk-17-jre-headless，或设置 JAVA_HOME）。", file=sys.stderr)
        return 2
    ran, failed = [], False
    for version, least in SERVERS:
        java = find_java(least)
        if java is None:
            print(f"Elasticsearch {version}：没有 JDK ≥ {least}，未测试。", file=sys.stderr)
            continue
        try:
            with running(version, java) as server:
                print(f"Elasticsearch {version}（{java}）", flush=True)
                failed |= _suites(version, java, server.url) != 0
        except Missing as missing:
            print(missing, file=sys.stderr)
            return 2
        ran.append(version)
    print(f"已测试：Elasticsearch {'、'.join(ran)}")
    return int(failed)


def _suites(version, java, url):
    environment = os.environ | {"QINGBAO_TEST_ELASTIC": url, "QINGBAO_TEST_ELASTIC_VERSION": version, "QINGBAO_TEST_ELASTIC_JAVA": java}
    order = [sys.executable, "-m", "pytest", *SUITES, "-rs", "-k", "elastic", *sys.argv[1:]]
    said = ""
    with subprocess.Popen(order, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as suites:
        assert suites.stdout is not None
        try:
            for line in suites.stdout:
                print(line, end="", flush=True)
                said += line
        except BaseException:
            suites.send_signal(signal.SIGINT)  # pytest then stops the servers that its tests started
            suites.wait(120)
            raise
    return suites.returncode or int(" skipped" in said)


if __name__ == "__main__":
    sys.exit(main())
