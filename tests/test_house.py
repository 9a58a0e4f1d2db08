"""The rules of the house: imports point downwards, borders are kept, nothing names a path outside or a registry."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("qingbao", "records", "spiders", "pipelines", "matcher", "index", "reports", "schedules")
MAY_IMPORT = {
    "qingbao": set(), "records": {"qingbao"}, "spiders": {"records", "qingbao"}, "pipelines": {"records", "qingbao"}, "index": {"records", "qingbao"},
    "matcher": {"qingbao"}, "reports": {"qingbao"}, "schedules": set(PACKAGES),
}
# library → the only places that may import it
BORDERS = {
    "scrapy": ("spiders/", "pipelines/items.py", "qingbao/settings.py"), "twisted": ("spiders/", "pipelines/items.py"), "sqlalchemy": ("records/",),
    "alembic": ("records/",), "elasticsearch": ("index/elastic",), "elastic_transport": ("index/elastic",), "apscheduler": ("schedules/runner.py",),
    "smtplib": ("reports/mail.py",),
}


def tracked(*patterns: str) -> list[Path]:
    names = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_downwards(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}" for path in (ROOT / package).rglob("*.py") for name in imports(path)
        if name.split(".")[0] in PACKAGES and name.split(".")[0] not in MAY_IMPORT[package] | {package}
    ]
    assert wrong == []


@pytest.mark.parametrize("library", BORDERS)
def test_libraries_stay_behind_their_borders(library: str) -> None:
    wrong = [
        str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
        if any(name.split(".")[0] == library for name in imports(path))
        and not str(path.relative_to(ROOT)).startswith(BORDERS[library])
    ]
    assert wrong == []


def test_no_file_names_a_path_outside_the_project() -> None:
    outside = ".." + "/shared"
    assert [str(p.relative_to(ROOT)) for p in tracked() if p.suffix in {".py", ".md", ".yaml", ".toml", ".txt", ".sh", ""}
            and outside in p.read_text("utf-8", "replace")] == []


def test_no_file_names_a_package_registry() -> None:
    hosts = ["py" + "pi.org", "files.python" + "hosted.org", "repo1.maven" + ".org", "registry.npm" + "js.org", "repo.maven.apache" + ".org"]
    assert [f"{p.relative_to(ROOT)}: {host}" for p in tracked() if p.stat().st_size < 2_000_000 for host in hosts
            if host in p.read_text("utf-8", "replace")] == []


def test_help_names_only_commands_that_exist() -> None:
    import click

    from schedules.cli import COMMANDS, cli

    context = click.Context(cli)
    for name, (_, _, words) in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.short_help == words, name
