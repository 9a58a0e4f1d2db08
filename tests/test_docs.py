"""What the documents show can be typed: commands, options, links and files exist, YAML can be read, and the README's own lines run."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from schedules.cli import cli
from tests.qingbao.test_config import GOOD, instance

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md"), *ROOT.glob("schedules/templates/**/*.md")})
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.M | re.S)


def shown() -> Iterator[tuple[str, str]]:
    """(document, command line) of every ``qingbao …`` in code, in blocks and between backticks."""
    for path in DOCS:
        text = path.read_text("utf-8")
        lines = [line for block in blocks(text, "(?:sh|bash|console)?") for line in block.splitlines()]
        lines += re.findall(r"`([^`\n]*\bqingbao [^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S))
        for line in lines:
            found = re.match(r"(?:\$ )?(?:\S*/)?qingbao( .*)", line.strip())
            if found:
                yield str(path.relative_to(ROOT)), found[1].partition(" #")[0].partition(" > ")[0].strip()


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = cli
    context = click.Context(cli)
    while words and isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, f"no command {words[0]}"
        command, words = found, words[1:]
    return command, words


SHOWN = list(shown())


def test_the_documents_show_commands() -> None:
    assert len(SHOWN) >= 15


@pytest.mark.parametrize(("document", "line"), SHOWN, ids=[f"{document}: {line}" for document, line in SHOWN])
def test_every_command_shown_exists_with_its_options(document: str, line: str) -> None:
    command, rest = command_of(shlex.split(line.replace("…", "").replace("[", "").replace("]", "").replace("|", " ")))
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert [word for word in rest if word.startswith("--") and word.partition("=")[0] not in options | {"--help"}] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_files_named_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    assert [link for link in links if link and "://" not in link and not (path.parent / link).exists()] == []
    named = re.findall(r"`((?:qingbao|records|spiders|pipelines|matcher|index|reports|schedules|demo|docs|deploy|benchmarks|tests|examples|corpus)/[A-Za-z0-9_./-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists() and not (path.parent / name).exists()] == []
    assert set(re.findall(r"`?\bmake ([a-z-]+)`", text)) <= TARGETS


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_yaml_shown_can_be_read(path: Path) -> None:
    for block in blocks(path.read_text("utf-8"), "yaml"):
        assert yaml.safe_load(block) is not None


def test_scripts_shown_exist() -> None:
    for path in DOCS:
        for name in re.findall(r"python (?:-m )?([\w./]+)", path.read_text("utf-8")):
            there = [ROOT / name, ROOT / f"{name.replace('.', '/')}.py", ROOT / name.replace(".", "/") / "__main__.py"]
            installed = name.split(".")[0] in {"pytest", "pip", "venv", "build", "mypy"}
            assert installed or any(one.exists() for one in there), (path.name, name)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_lines_of_the_readme_run(readme: str, tmp_path: Path) -> None:
    """With an instance whose one firm staff have found stands in for the demo's and for one's own; schedule, which never ends, is left out."""
    folder = instance(tmp_path / "instance", sources_yaml=GOOD["sources.yaml"] + "    enabled: false\n")
    (tmp_path / "news.txt").write_text("凌犀传动拟建减速器基地\n" + "苏州凌犀精密传动有限公司（以下简称“凌犀传动”）拟投资8亿元建设减速器基地，选址未定。\n" * 2, "utf-8")
    assert CliRunner().invoke(cli, ["add", str(tmp_path / "news.txt"), "--instance", str(folder)], standalone_mode=False).exception is None
    lines = [line for document, line in SHOWN if document == readme and line.partition(" ")[0] not in {"schedule", "verdicts"}]
    assert len(lines) >= 4
    for line in lines:
        words = [str(folder) if word in {"demo-instance", "my-park"} else word for word in shlex.split(line)]
        words = ["init", str(tmp_path / "new")] if words[0] == "init" else words
        done = CliRunner().invoke(cli, words, standalone_mode=False)
        assert done.exception is None, (line, done.exception)
        assert not done.return_value, (line, done.output)


def test_the_example_lacks_only_its_contact(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    subprocess.run(["cp", "-r", str(ROOT / "examples" / "guangan"), str(target)], check=True)
    done = CliRunner().invoke(cli, ["check", "--instance", str(target)], standalone_mode=False)
    assert done.return_value == 2
    assert [line for line in done.stderr.splitlines() if "✗" in line and "crawl.contact" not in line] == []
    path = target / "qingbao.yaml"
    path.write_text(re.sub(r'contact:.*', 'contact: "云岭招商局 mailto:bot@yunling.gov"', path.read_text("utf-8")), "utf-8")
    done = CliRunner().invoke(cli, ["check", "--instance", str(target)], standalone_mode=False)
    assert not done.return_value, done.stderr
    assert "未启用" in done.stdout
