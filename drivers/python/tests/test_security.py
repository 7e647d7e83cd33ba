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


def test_a_token_and_a_certificate_that_are_known(tmp_path: Path) -> None:
    program = str(home() / "bin" / "tega")
    keys = tmp_path / "tls"

    def tool(*words: str) -> str:
        return subprocess.run([program, *words], check=True, timeout=60, capture_output=True, text=True).stdout.strip()

    tool("cert", "server", "-d", str(keys), "localhost")
    tool("cert", "client", "-d", str(keys), "alice")
    server = Server("--tls", str(keys), "--closed")
    try:
        server.stop()
        token = tool("token", "create", "boss", "--admin", "-d", str(server.data / "var"))
        tool("grant", "alice", "may", "read,write", "a", "-d", str(server.data / "var"))
        server.start()
        url, ca = f"https://localhost:{server.port}", keys / "ca.pem"
        with Client(url, ca=ca, token=token, timeout=20) as boss:
            boss.put("a.b", 1)
            boss.publish("news", 1)
            assert boss.history.log("a", limit=1)[0].author == "boss"
        with Client(url, ca=ca, cert=(keys / "alice.pem", keys / "alice.key"), timeout=20) as alice:
            alice.put("a.c", 2, ephemeral=True)
            assert alice.get("a") == {"b": 1, "c": 2}
            with pytest.raises(tega.ForbiddenError):
                alice.put("b.x", 1)
            alice.put("a.d", 3)
            assert alice.history.log("a", limit=1)[0].author == "alice"
        with Client(url, ca=ca, timeout=20) as nobody, pytest.raises(tega.UnauthenticatedError):
            nobody.get("a")
    finally:
        server.close()
