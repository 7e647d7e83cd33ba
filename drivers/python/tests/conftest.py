from __future__ import annotations

from collections.abc import Iterator

import pytest

from rig import Server
from tega import Client


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests; it is the same one after a restart."""
    running = Server()
    yield running
    running.close()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """A client of an empty database."""
    with Client(server.url, tega_id="test", timeout=20) as one:
        one.clear()
        yield one
