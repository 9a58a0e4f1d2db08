"""A mail server on loopback."""

from __future__ import annotations

from typing import Any

from aiosmtpd.controller import Controller


class FreePort(Controller):
    """A controller on a port of the system's choice; ``port`` tells which once it runs."""

    def __init__(self, handler: Any, **options: Any) -> None:
        # Five seconds, the library's own patience, are not enough on a machine that is busy.
        super().__init__(handler, hostname="127.0.0.1", port=0, ready_timeout=120, **options)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
