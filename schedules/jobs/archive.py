"""Care of the raw pages: what is older than the office keeps goes, what was read of it stays."""

from __future__ import annotations

from datetime import timedelta

from schedules.instance import Instance


def purge_old(instance: Instance) -> int:
    """Remove raw pages fetched more than ``storage.archive_days`` days ago; returns how many.

    By the real clock, never by ``--as-of``: what is deleted cannot be asked back. Call it under the run's lock.
    Raises ``CannotWork`` where a file cannot be removed.
    """
    from pipelines.archive import cannot
    from pipelines.archive_care import purge

    folder = instance.config.data_dir / "archive"
    try:
        return purge(instance.records, folder, before=instance.clock() - timedelta(days=instance.config.storage.archive_days))
    except OSError as error:
        raise cannot(folder, error) from error
