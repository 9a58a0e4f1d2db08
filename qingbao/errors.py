"""The small family of errors that people see; messages are Chinese and say what to do."""

from __future__ import annotations


class QingbaoError(Exception):
    """Base of all errors with a message for people. ``exit_code`` is what the command line returns."""

    exit_code = 3


class UsageError(QingbaoError):
    """Wrong use or configuration."""

    exit_code = 2


class ConfigError(UsageError):
    """All mistakes found in an instance's files, each a line with file, key and what is expected."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class CannotWork(QingbaoError):
    """The machine, the disk or a service does not let the work be done."""
