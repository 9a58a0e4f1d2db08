"""The steps of the migrations and the tables say the same; old and newer databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import records
from qingbao.errors import CannotWork
from records import migrations, open_records
from records.tables import metadata


def test_the_steps_make_the_tables(tmp_path):
    with open_records(tmp_path / "r.db") as opened, opened._reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_numbers_of_the_outbox_never_come_again(tmp_path):
    """They are the versions of documents: the column must be AUTOINCREMENT in the database, not only in the tables."""
    with open_records(tmp_path / "r.db") as opened, opened._reading() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'outbox'")).scalar_one()
    assert "AUTOINCREMENT" in made


def test_the_newest_step_is_the_head():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_a_database_of_a_newer_program_is_refused_untouched(tmp_path):
    with open_records(tmp_path / "r.db") as opened, opened._writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CannotWork, match="更新版本"):
        open_records(tmp_path / "r.db")


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("alembic.op.create_index", lambda: None)  # the first step calls it with arguments
        with pytest.raises(TypeError):
            open_records(tmp_path / "r.db")
    with open_records(tmp_path / "r.db") as opened:
        assert opened.runs() == []


def test_importing_the_records_is_cheap():
    code = "import sys, records, records.values; print(sorted({'sqlalchemy', 'alembic', 'opencc'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=Path(records.__file__).parents[1], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_opening_without_a_step_to_run_needs_no_alembic(tmp_path):
    open_records(tmp_path / "r.db").close()
    code = "import sys, records; records.open_records(sys.argv[1]).close(); print('alembic' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "r.db"], cwd=Path(records.__file__).parents[1], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
