"""What is of Python: both APIs, iterators, decorators, leases, interrupts, numbers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

import tega
from rig import REPOSITORY, Proxy, Server, until
from tega import AsyncClient, Client

SOURCES = str(Path(__file__).resolve().parents[1] / "src")


def test_transactions_read_their_own_writes(client: Client) -> None:
    client.put("a", {"n": 1, "old": {"x": 1}})
    with client.tx("move", confirm=None) as tx:
        tx.put("a.n", tx.get("a.n") + 1)
        assert tx.get("a.n") == 2
        tx.merge("a", {"m": {"y": None, "z": 3}})
        tx.delete("a.old.x")
        assert tx.get("a") == {"n": 2, "m": {"z": 3}}
        assert tx.get("a.old", None) is None
    assert client.get("a") == {"n": 2, "m": {"z": 3}}
    assert tx.result is not None
    assert tx.result.message == "move"
    with pytest.raises(tega.InvalidError):
        tx.put("a.n", 3)


def test_a_block_that_raises_changes_nothing(client: Client) -> None:
    client.put("a.n", 1)
    with pytest.raises(RuntimeError), client.tx() as tx:
        tx.put("a.n", 2)
        raise RuntimeError
    assert client.get("a.n") == 1


def test_transact_runs_again_when_what_it_read_changed(client: Client) -> None:
    client.put("a.n", 0)

    def increment(tx: tega.Transaction) -> None:
        tx.put("a.n", tx.get("a.n") + 1)

    def ten_times() -> None:
        for _ in range(10):
            client.transact(increment, attempts=100)

    threads = [threading.Thread(target=ten_times) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.get("a.n") == 40


def test_conditions(client: Client) -> None:
    revision = client.put("a.n", 1, absent=True)
    with pytest.raises(tega.PreconditionError):
        client.put("a.n", 2, absent=True)
    client.put("a.n", 2, revision=revision)
    with pytest.raises(tega.ConflictError):
        client.merge("a.n", 3, revision=revision)
    with pytest.raises(tega.ConflictError):
        client.delete("a.n", revision=revision)


def test_numbers(client: Client, server: Server) -> None:
    client.put("a", {"big": 10**40, "one": 1.0, "exact": Decimal("1.10")})
    assert client.get("a.big") == 10**40
    assert isinstance(client.get("a.one"), float)
    with Client(server.url, decimals=True) as exact:
        assert str(exact.get("a.exact")) == "1.10"
    with pytest.raises(tega.InvalidError):
        client.put("a.n", float("nan"))
    with pytest.raises(tega.InvalidError):
        client.put("a.n", {1, 2})


def test_graph_is_what_networkx_and_pandas_take(client: Client) -> None:
    networkx = pytest.importorskip("networkx")
    pandas = pytest.importorskip("pandas")
    client.put("r.a", 1)
    client.put("r.b.c", 2)
    edges = client.graph("r", old=True)
    graph = networkx.from_edgelist(edges, create_using=networkx.DiGraph)
    assert set(graph.successors("r(1)")) == {"r.a(0)", "r.b(1)"}
    assert set(graph.successors("r(0)")) == {"r.a(0)"}
    assert list(pandas.DataFrame(edges).columns) == ["source", "target"]
    assert edges == client.graph(old=True)


def test_watch_is_an_iterator_that_another_thread_ends(client: Client) -> None:
    client.put("a.n", 0)
    watch = client.watch("a", initial=True)
    seen: list[tega.Event] = []
    reader = threading.Thread(target=lambda: seen.extend(watch))
    reader.start()
    client.put("a.n", 1)
    until(lambda: len(seen) == 2)
    assert isinstance(seen[0], tega.Initial)
    assert seen[0].nodes == ((("a",), {"n": 0}),)
    assert watch.revision == seen[1].revision
    watch.close()
    reader.join(10)
    assert not reader.is_alive()
    with pytest.raises(tega.DeadlineError), client.watch("a") as quiet:
        quiet.next(0.05)


def test_a_slow_reader_holds_back_nobody_and_misses_nothing(client: Client) -> None:
    with client.watch("a", queue=4) as watch:
        for n in range(100):
            client.put("a.n", n)
        values = []
        for change in watch:
            assert isinstance(change, tega.Change)
            values.append(change.edits[0].value)
            if len(values) == 100:
                break
    assert values == list(range(100))


def test_subscriptions_drop_the_oldest_and_count(client: Client, server: Server) -> None:
    with client.subscribe("news", queue=2) as news, Client(server.url) as other, client.subscribe("last") as last:
        for n in range(5):
            other.publish("news", n)
        other.publish("last", None)
        last.next(10)
        assert [news.next(10).message, news.next(10).message] == [3, 4]
        assert news.dropped == 3


def test_decorated_functions_answer(client: Client, server: Server) -> None:
    @client.rpc("rpc.greet")
    def greet(name: str, *, loud: bool = False) -> str:
        call = tega.current_call()
        assert call.path == ("rpc", "greet")
        return f"{name}!" if loud else f"{name} ({call.caller})"

    @client.rpc("rpc.nested")
    def nested(name: str) -> object:
        return client.call("rpc.greet", name, loud=True)

    with Client(server.url, tega_id="caller") as caller:
        assert caller.call("rpc.greet", "you") == "you (caller)"
        assert caller.call("rpc.nested", "you", deadline=10) == "you!"
        with pytest.raises(tega.CalleeFailedError, match="positional"):
            caller.call("rpc.greet")
    assert greet.__name__ == "greet"


def test_asyncio(server: Server) -> None:
    async def main() -> None:
        async with AsyncClient(server.url, tega_id="one") as one, AsyncClient(server.url, tega_id="two") as two:
            await one.clear()

            @one.rpc("rpc.add")
            async def add(x: int, y: int) -> int:
                await asyncio.sleep(0)
                return x + y

            running = asyncio.create_task(one.run())
            async with await two.watch("a", initial=True) as watch:
                await one.put("a.b", 1)
                async with one.tx() as tx:
                    tx.put("a.c", await tx.get("a.b") + 1)
                changes = []
                async for event in watch:
                    if isinstance(event, tega.Change):
                        changes.append(event.edits[0].path)
                    if len(changes) == 2:
                        break
            assert changes == [("a", "b"), ("a", "c")]
            async with await two.watch("rpc", initial=True) as rpc:
                async for event in rpc:
                    if not isinstance(event, tega.Initial) or event.nodes:
                        break
            assert await asyncio.gather(*(two.call("rpc.add", n, 1) for n in range(50))) == list(range(1, 51))

            async def increment(tx: tega.AsyncTransaction) -> None:
                tx.put("a.b", await tx.get("a.b") + 1)

            await asyncio.gather(*(two.transact(increment, attempts=50) for _ in range(10)))
            assert await two.get("a.b") == 11
            async with await one.draft() as draft:
                await draft.put("a.b", 0)
                await draft.commit("back")
            assert (await one.history.log("a", limit=1))[0].message == "back"
            running.cancel()

    asyncio.run(asyncio.wait_for(main(), 60))


def test_a_name_that_another_client_takes_ends_the_session(server: Server) -> None:
    with Client(server.url, tega_id="same") as first, Client(server.url, tega_id="same") as second:
        watch = first.watch("a")
        second.watch("a")
        with pytest.raises(tega.ConflictError):
            watch.next(10)
        with pytest.raises(tega.ConflictError):
            first.put("a.e", 1, ephemeral=True)
        first.put("a.d", 1)


def test_nothing_listens() -> None:
    with Client("http://127.0.0.1:9", timeout=2) as client:
        began = time.monotonic()
        with pytest.raises(tega.UnavailableError):
            client.get("a")
        with pytest.raises(tega.UnavailableError):
            client.put("a", {})
        with pytest.raises(tega.UnavailableError):
            client.watch("a")
        assert time.monotonic() - began < 30
    with pytest.raises(tega.InvalidError):
        client.get("a")
    with pytest.raises(tega.InvalidError):
        Client("127.0.0.1:8739")


def test_what_is_closed_says_so(server: Server) -> None:
    client = Client(server.url)
    watch = client.watch("a")
    client.close()
    client.close()
    with pytest.raises(tega.InvalidError):
        watch.next(1)


def test_many_commits_while_the_connection_breaks_again_and_again(server: Server) -> None:
    proxy = Proxy(server.port)
    try:
        with Client(server.url) as writer, Client(f"http://127.0.0.1:{proxy.port}") as reader:
            writer.clear()
            with reader.watch("a") as watch:
                writing = threading.Thread(target=lambda: [writer.put("a.n", n) for n in range(300)])
                writing.start()
                values: list[int] = []
                while len(values) < 300:
                    event = watch.next(20)
                    assert isinstance(event, tega.Change)
                    values.append(event.edits[0].value)
                    if len(values) % 60 == 0:
                        proxy.act("cut")
                writing.join()
            assert values == list(range(300))
    finally:
        proxy.close()


PROGRAM = """
import sys, time, tega
client = tega.Client(sys.argv[1], tega_id="victim", ttl=2)

@client.rpc("apps.victim.hello")
def hello(name):
    return "hello " + name

client.put("apps.victim.status", {"up": True}, ephemeral=True)
print("there", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", ["kill", "exit"])
def test_the_tree_shows_within_the_ttl_that_a_program_is_gone(client: Client, server: Server, how: str) -> None:
    ends = "" if how == "kill" else PROGRAM.replace("time.sleep(600)", "sys.stdin.read()")
    with subprocess.Popen(
        [sys.executable, "-c", ends or PROGRAM, server.url],
        env={"PYTHONPATH": SOURCES, "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "there\n"
            assert client.call("apps.victim.hello", "you") == "hello you"
            assert client.get("apps") == {"victim": {"hello": "%victim.hello%", "status": {"up": True}}}
            with client.watch("apps") as watch:
                began = time.monotonic()
                if how == "kill":
                    program.kill()
                else:
                    assert program.stdin is not None
                    program.stdin.close()
                gone = watch.next(20)
                took = time.monotonic() - began
            assert isinstance(gone, tega.Change)
            assert gone.kind == "lease"
            assert {edit.op for edit in gone.edits} == {"delete"}
            assert took < 2 + 5, "the ttl, and what a busy machine adds"
            assert client.get("apps.victim", None) is None
            with pytest.raises(tega.NoOwnerError):
                client.call("apps.victim.hello", "you")
        finally:
            program.kill()


def test_the_example_of_the_readme_runs(client: Client, server: Server) -> None:
    page = (REPOSITORY / "drivers" / "python" / "README.md").read_text()
    example = page.split("```python\n")[1].split("```")[0]
    assert len(example.strip().splitlines()) <= 14
    code = example.replace('"http://127.0.0.1:8739"', repr(server.url))
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": SOURCES, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    expected = page.split("```text\n")[1].split("```")[0]
    assert (result.stdout, result.stderr) == (expected, "")
