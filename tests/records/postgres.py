"""``make test-postgres``: the records' suite on a real PostgreSQL (Debian: apt install postgresql), started for it on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.elastic.server import free_port


def find_postgres():
    """The folder of the newest server's programs, None where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0)
    on_path = shutil.which("initdb")
    return folders[-1] if folders else on_path and Path(on_path).parent


def main():
    """Run the suite; its exit code, or 2 where something is missing."""
    bin_folder = find_postgres()
    if not bin_folder:
        print("make test-postgres 需要 PostgreSQL 服务器程序（apt install postgresql）。", file=sys.stderr)
        return 2
    try:
        import psycopg  # noqa: F401
    except ImportError:
        print("make test-postgres 需要 psycopg：.venv/bin/pip install 'psycopg[binary]'", file=sys.stderr)
        return 2
    work = Path(tempfile.mkdtemp(prefix="qingbao-postgres-"))
    # PostgreSQL refuses root; initdb wants an account that exists.
    as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(work, "nobody", "nogroup")
    port = free_port()

    def run(*order):
        subprocess.run([*as_user, *map(str, order)], cwd=work, check=True, stdout=subprocess.DEVNULL)

    control = (bin_folder / "pg_ctl", "-D", work / "data", "-w", "-t", "600", "-l", work / "log")
    run(bin_folder / "initdb", "-D", work / "data", "-U", "qingbao", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    try:
        run(*control, "-o", f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={work}", "start")
        url = f"postgresql+psycopg://qingbao@127.0.0.1:{port}/postgres"
        print(subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout.strip(), flush=True)
        suite = [sys.executable, "-m", "pytest", "tests/records", *sys.argv[1:]]
        return subprocess.run(suite, env=os.environ | {"QINGBAO_TEST_RECORDS": url}, check=False).returncode
    finally:
        subprocess.run([*as_user, *map(str, control), "-m", "immediate", "stop"], cwd=work, check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
