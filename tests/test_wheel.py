"""The wheel: what is installed holds all that the program reads, and works away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("qingbao", "records", "spiders", "pipelines", "matcher", "index", "reports", "schedules", "demo")


def data_files() -> set[str]:
    names = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return {name for name in names if name and (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the tracked files, so that neither old builds nor files lying about get in; needs no network."""
    folder = tmp_path_factory.mktemp("wheel")
    names = subprocess.run(["git", "ls-files", "pyproject.toml", "README.md", "LICENSE", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\n")):
        if (ROOT / name).is_file():
            (folder / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / "src" / name)
    done = subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(folder / "src")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (folder / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; the packages it needs are looked up where these tests found them."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    done = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--ignore-installed", "--no-deps", "--no-index", "--no-compile",
                           "--prefix", str(folder), str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # addsitedir would follow the editable install to the checkout; a plain line does not.
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    script = folder / "bin" / "qingbao"
    script.write_text(f"#!{folder / 'bin' / 'python'}\n" + script.read_text("utf-8").split("\n", 1)[1], "utf-8")
    return folder


def typed(installed: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "QINGBAO_INSTANCE"}}
    return subprocess.run([str(installed / "bin" / words[0]), *words[1:]], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_every_tracked_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert sorted(data_files() - inside) == []
    assert not [name for name in inside if name.split("/")[0] not in PACKAGES and ".dist-info/" not in name]


def test_an_installed_program_makes_an_instance_and_runs_it(installed: Path, tmp_path: Path) -> None:
    where = typed(installed, "python", "-c", "import qingbao, schedules; print(qingbao.__file__, schedules.__file__)", cwd=tmp_path).stdout
    assert where.count(str(installed)) == 2
    assert typed(installed, "qingbao", "init", "my", cwd=tmp_path).returncode == 0
    assert "还没有填写" in typed(installed, "qingbao", "check", "--instance", "my", cwd=tmp_path).stderr
    for name in ("qingbao.yaml", "parks/park.yaml"):
        path = tmp_path / "my" / name
        path.write_text(path.read_text("utf-8").replace("请填写单位名称和邮箱，例如 某某园区招商局 mailto:zhaoshang@您的域名", "云岭 mailto:a@yunling.gov")
                        .replace("请填写", "云岭"), "utf-8")
    (tmp_path / "my" / "sources.yaml").write_text("use: [mianzhu-gov]\n", "utf-8")
    (tmp_path / "news.txt").write_text("岚砥电机拟建新厂\n" + "岚砥电机有限公司拟投资8亿元建设电机生产基地，选址未定，正在比较川渝多地。\n" * 2, "utf-8")
    for command in (("check",), ("add", "news.txt"), ("run",), ("search", "电机"), ("why", "岚砥电机")):
        done = typed(installed, "qingbao", *command, "--instance", "my", cwd=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    assert [path.name for path in tmp_path.glob("my/data/out/*/prospects.xlsx")] == ["prospects.xlsx"]
