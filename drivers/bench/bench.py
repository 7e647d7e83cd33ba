"""What a driver adds to a request: beside the same request on a bare socket, in turns.

    bench.py [TURNS]        all drivers that there are tools for, on a server of its own
    bench.py URL TURNS      the Python drivers, on the server at URL
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python" / "src"), str(HERE.parent / "python" / "tests")]

from rig import Server, home  # noqa: E402

from tega import AsyncClient, Client  # noqa: E402

VALUE = "0123456789"


class Raw:
    """As little HTTP as is needed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def exchange(self, request: bytes) -> None:
        self._socket.sendall(request)
        length = 0
        first = self._file.readline()
        if b" 200 " not in first:
            raise OSError(first)
        while (line := self._file.readline()) != b"\r\n":
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        self._file.read(length)


def request(method: str, target: str, body: str) -> bytes:
    return f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def requests(name: str) -> dict[str, bytes]:
    return {
        "PUT": request("PUT", f"/bench/{name}?tega_id={name}", f'"{VALUE}"'),
        "GET": request("GET", f"/bench/{name}", ""),
        "RPC": request("POST", f"/_rpc?path=rpc.echo&tega_id={name}", '{"args":[1],"kwargs":{}}'),
    }


def median(times: list[int]) -> int:
    return sorted(times)[len(times) // 2] // 1000


def threads(url: str, turns: int) -> None:
    raw = Raw(url)
    with Client(url, tega_id="python") as client:
        steps: dict[str, Callable[[], Any]] = {
            "PUT": lambda: client.put("bench.python", VALUE),
            "GET": lambda: client.get("bench.python"),
            "RPC": lambda: client.call("rpc.echo", 1),
        }
        for what, text in requests("python").items():
            bare, driven = [], []
            for turn in range(-turns // 2, turns):
                before = time.perf_counter_ns()
                raw.exchange(text)
                between = time.perf_counter_ns()
                steps[what]()
                if turn >= 0:
                    bare.append(between - before)
                    driven.append(time.perf_counter_ns() - between)
            print("Python", what, median(bare), median(driven), flush=True)


async def coroutines(url: str, turns: int) -> None:
    raw = Raw(url)
    async with AsyncClient(url, tega_id="asyncio") as client:
        steps: dict[str, Callable[[], Awaitable[Any]]] = {
            "PUT": lambda: client.put("bench.asyncio", VALUE),
            "GET": lambda: client.get("bench.asyncio"),
            "RPC": lambda: client.call("rpc.echo", 1),
        }
        for what, text in requests("asyncio").items():
            bare, driven = [], []
            for turn in range(-turns // 2, turns):
                before = time.perf_counter_ns()
                raw.exchange(text)
                between = time.perf_counter_ns()
                await steps[what]()
                if turn >= 0:
                    bare.append(between - before)
                    driven.append(time.perf_counter_ns() - between)
            print("asyncio", what, median(bare), median(driven), flush=True)


def commands(url: str, turns: int) -> list[list[str]]:
    """Each language in a process of its own."""
    found = [[sys.executable, __file__, url, str(turns)]]
    if java := shutil.which("java"):
        found.append([java, "-cp", f"{home()}/bundles/*", str(HERE / "Bench.java"), url, str(turns)])
    if go := shutil.which("go") or shutil.which("/usr/local/go/bin/go"):
        found.append([go, "run", "./internal/bench", url, str(turns)])
    return found


def main() -> None:
    if len(sys.argv) == 3:
        threads(sys.argv[1], int(sys.argv[2]))
        asyncio.run(coroutines(sys.argv[1], int(sys.argv[2])))
        return
    turns = int(sys.argv[1]) if len(sys.argv) == 2 else 2000
    server = Server()
    try:
        with Client(server.url, tega_id="callee") as callee:
            callee.serve("rpc.echo", echo)
            print(f"medians of {turns} turns, µs\n")
            print("| driver | | bare socket | driver | adds |\n|---|---|---|---|---|")
            for command in commands(server.url, turns):
                told = subprocess.run(command, cwd=HERE.parent / "go", stdout=subprocess.PIPE, text=True, check=True, timeout=300)
                for line in told.stdout.splitlines():
                    driver, what, bare, driven = line.split()
                    print(f"| {driver} | {what} | {bare} | {driven} | {int(driven) - int(bare)} |", flush=True)
    finally:
        server.close()


async def echo(*args: Any) -> Any:
    return list(args)


main()
