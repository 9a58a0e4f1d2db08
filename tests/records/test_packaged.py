"""What the wheel would miss: data files whose endings pyproject.toml does not name (migrations are code, in packages).

Building one needs the network for the newest setuptools; CONTRIBUTING.md tells how to do it by hand.
"""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
PACKAGES = [folder for folder in ROOT.iterdir() if (folder / "__init__.py").exists() and any(fnmatch(folder.name, p) for p in SETTINGS["packages"]["find"]["include"])]


def files(package):
    return [file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith(".")]


def test_the_migrations_lie_in_packages():
    assert [f for f in ("records", "records/migrations", "records/migrations/versions") if not (ROOT / f / "__init__.py").exists()] == []
    assert SETTINGS["packages"]["find"].get("namespaces", True)


def test_all_rooms_are_packages():
    assert {p.name for p in PACKAGES} >= {"qingbao", "records", "spiders", "pipelines", "matcher", "index", "reports", "schedules"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.name)
def test_data_files_are_named(package):
    """Every folder below a package counts as one (namespaces), so a pattern is asked for the file's name alone."""
    patterns = [pattern for named in SETTINGS["package-data"].values() for pattern in named]
    wrong = [str(file.relative_to(ROOT)) for file in files(package) if file.suffix != ".py" and not any(fnmatch(file.name, p) for p in patterns)]
    assert wrong == []
