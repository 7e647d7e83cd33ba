"""The command, as a shell runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rig import Server, until
from tega import Client

ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src"), "PATH": "/usr/bin:/bin", "TZ": "UTC"}


def start(server: Server, *arguments: str, name: str = "sh") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tega", "-u", server.url, "--id", name, *arguments],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(server: Server, *arguments: str, given: str = "") -> tuple[int, str, str]:
    process = start(server, *arguments)
    out, err = process.communicate(given, timeout=60)
    return process.returncode, out, err


def test_a_morning_with_a_router(client: Client, server: Server) -> None:
    assert run(server, "put", "lan.eth0", given='{"mtu":1500}') == (0, "", "")
    assert run(server, "put", "lan.eth0.mtu", "9000", "-m", "jumbo") == (0, "", "")
    assert run(server, "get", "lan") == (0, '{\n  "eth0": {\n    "mtu": 9000\n  }\n}\n', "")
    assert run(server, "get", "lan.eth0.mtu", "--version", "-1")[1] == "1500\n"
    log = run(server, "log", "lan")[1].splitlines()
    assert log[0].endswith("  sh  edit  jumbo")
    assert log[1].endswith("  sh  edit  lan.eth0")
    revisions = [line.split()[0] for line in log]
    assert run(server, "diff", revisions[1], revisions[0])[1] == "+ lan.eth0.mtu: 9000\n"
    assert run(server, "blame", "lan")[1] == f"{revisions[0]}  sh  lan.eth0.mtu: 9000\n"
    assert run(server, "rollback", "lan", "-1")[0] == 0
    assert client.get("lan.eth0.mtu") == 1500
    assert run(server, "roots")[1] == "lan 2\n"


def test_what_is_refused(client: Client, server: Server) -> None:
    assert run(server, "get", "nosuch") == (1, "", "NOT_FOUND there is no 'nosuch'\n")
    assert run(server, "put", "a", given="{")[0] == 1
    assert run(server, "jump")[0] == 2
    assert run(server, "del")[0] == 2


def test_watching_and_calling(client: Client, server: Server) -> None:
    client.serve("rpc.add", lambda x, y=0: x + y)
    assert run(server, "call", "rpc.add", "-1", "y=3") == (0, "2\n", "")
    watching = start(server, "watch", "a", "-n", "1")
    hearing = start(server, "sub", "news", "-n", "1", name="hearer")
    until(lambda: client.publish("news", {"n": 1}) == 1)
    assert hearing.communicate(timeout=60)[0] == 'news test {"n": 1}\n'
    while watching.poll() is None:
        client.put("a.n", 1)
    assert watching.communicate(timeout=60)[0].endswith("+ a.n: 1\n")
