"""TLS, and credentials that are not known."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import tega
from rig import Server, home
from tega import Client


def test_a_token_that_is_not_known(server: Server) -> None:
    with Client(server.url, token="tega_x_y", timeout=20) as client:
        for ask in (lambda: client.get(()), lambda: client.put("a", {}), lambda: client.watch("a")):
            with pytest.raises(tega.UnauthenticatedError):
                ask()


def test_tls_with_an_authority_of_ones_own(tmp_path: Path) -> None:
    keys = tmp_path / "tls"
    subprocess.run([str(home() / "bin" / "tega"), "cert", "server", "-d", str(keys), "localhost"], check=True, timeout=60)
    server = Server("--tls", str(keys))
    try:
        url = f"https://localhost:{server.port}"
        with Client(url, ca=keys / "ca.pem", timeout=20) as client:
            client.put("a.b", 1)
            client.serve("rpc.five", lambda: 5)
            assert client.call("rpc.five") == 5
        with Client(url, timeout=20) as stranger, pytest.raises(tega.UnavailableError, match="CERTIFICATE_VERIFY"):
            stranger.get("a")
    finally:
        server.close()
