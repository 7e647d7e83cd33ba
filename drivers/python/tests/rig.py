"""A packed server in a process of its own, and proxies that break connections."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Optional

REPOSITORY = Path(__file__).resolve().parents[3]
DEADLINE = 60.0
_READY = re.compile(r"tega (\S+) ready at (\S+) data ")


def home() -> Path:
    """The installation that was built."""
    if "TEGA_HOME" in os.environ:
        return Path(os.environ["TEGA_HOME"])
    found = sorted(REPOSITORY.glob("cnf/target/tega-*/bin/tega"))
    if not found:
        raise RuntimeError("there is no packed server: build one (./tega --help) or set TEGA_HOME")
    return found[0].parent.parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Server:
    """``bin/tega server`` on a port and a data folder that it keeps over restarts."""

    def __init__(self, *options: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tega-test-")
        self.data = Path(self._folder.name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._options = options
        self._process: Optional[subprocess.Popen[str]] = None
        self.lines: list[str] = []
        self.start()

    def start(self) -> None:
        """Starts it and waits until it serves."""
        command = [str(home() / "bin" / "tega"), "server", "--daemon", "-p", str(self.port)]
        command += ["-d", str(self.data / "var"), *self._options]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._process = process
        ready = threading.Event()

        def follow() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                self.lines.append(line.rstrip())
                if _READY.match(line):
                    ready.set()
            process.stdout.close()

        threading.Thread(target=follow, daemon=True).start()
        if not ready.wait(DEADLINE):
            process.kill()
            raise AssertionError("no server came up:\n" + "\n".join(self.lines[-20:]))

    def end(self, how: signal.Signals) -> None:
        """Ends it with a signal and waits until it has."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(DEADLINE)
            self._process = None

    def kill(self) -> None:
        """``kill -9``."""
        self.end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM."""
        self.end(signal.SIGTERM)

    def close(self) -> None:
        self.kill()
        self._folder.cleanup()


class Proxy:
    """Copies bytes between a client and the server, until it is told to do something else."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._lock = threading.RLock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener: Optional[socket.socket] = None
        self._swallow = False
        self._refused = False
        self.port = free_port()
        self._listen()

    def act(self, what: str) -> None:
        """cut, refuse, accept or swallow."""
        self._swallow = what == "swallow"
        self._refused = what == "refuse"
        if what == "accept":
            self._listen()
        elif what != "swallow":
            if what == "refuse":
                self._deaf()
            self._cut()

    def server(self, up: bool) -> None:
        """While the server is down, nobody is let in."""
        if not up:
            self._deaf()
            self._cut()
        elif not self._refused:
            self._listen()

    def close(self) -> None:
        self._deaf()
        self._cut()

    def _listen(self) -> None:
        with self._lock:
            if self._listener is None:
                self._listener = socket.create_server(("127.0.0.1", self.port))
                threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _deaf(self) -> None:
        with self._lock:
            if self._listener is not None:
                with contextlib.suppress(OSError):
                    self._listener.shutdown(socket.SHUT_RDWR)
                self._listener.close()
                self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._upstream), 5)
            except OSError:
                _reset(client)
                continue
            for one in (client, server):
                one.settimeout(None)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (client, server)
            with self._lock:
                if self._listener is not listener:
                    self._break(pair)
                    continue
                self._pairs.append(pair)
            threading.Thread(target=self._copy, args=(client, server, pair, False), daemon=True).start()
            threading.Thread(target=self._copy, args=(server, client, pair, True), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket, pair: tuple[socket.socket, socket.socket], down: bool) -> None:
        try:
            while data := source.recv(1 << 16):
                if down and self._swallow:
                    break
                sink.sendall(data)
        except OSError:
            pass
        self._break(pair)

    def _cut(self) -> None:
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            self._break(pair)

    def _break(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with self._lock:
            if pair in self._pairs:
                self._pairs.remove(pair)
        for one in pair:
            _reset(one)


def _reset(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RD)
    one.close()


def until(condition: object, seconds: float = 20.0) -> None:
    """Waits until a function is true."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:g} s"
        time.sleep(0.02)
