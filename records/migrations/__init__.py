"""Bringing the tables up to date by Alembic, in one transaction; the steps lie in ``versions/``."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from qingbao.errors import CannotWork

# The newest step; a test compares it with the files. So the common case, nothing to do, needs no Alembic (40 ms).
HEAD = "0003"


def upgrade(engine: Engine) -> None:
    """Run the steps that the database lacks. Several processes may start at once: one runs them, the others wait.

    Raises CannotWork for a database that a newer program made.
    """
    with engine.connect() as connection, connection.begin():
        if _version(connection) == HEAD:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.connect() as connection:
        connection = connection.execution_options(qingbao_writes=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7144)"))
            at = _version(connection)
            known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
            if at is not None and at not in known:
                raise CannotWork(f"数据库由更新版本的程序建立（结构版本 {at}，本程序到 {HEAD}）。请升级程序，或从备份恢复旧数据库。")
            if at != HEAD:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
