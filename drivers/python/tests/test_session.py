"""What a client makes of a server that misbehaves. The server here does what a test wants."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Callable

from aiohttp import WSCloseCode, web

from tega import AsyncClient, UnavailableError

Play = Callable[[int, web.WebSocketResponse], Awaitable[None]]


async def _serve(play: Play, use: Callable[[str, list[int]], Awaitable[None]]) -> None:
    """Begins sessions, plays each, and keeps the codes their clients close with."""
    codes: list[int] = []
    count = 0

    async def session(request: web.Request) -> web.WebSocketResponse:
        nonlocal count
        socket = web.WebSocketResponse(protocols=("tega.v2",))
        await socket.prepare(request)
        hello = await socket.receive_json()
        count += 1
        await socket.send_json({"op": "session", "id": hello["id"], "server": "fake", "epoch": count, "revision": 1})
        await play(count, socket)
        async for _ in socket:
            pass
        codes.append(int(socket.close_code or 0))
        return socket

    app = web.Application()
    app.router.add_get("/_pubsub", session)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        await use(f"http://127.0.0.1:{runner.addresses[0][1]}", codes)
    finally:
        await runner.cleanup()


def test_wrong_frames_end_the_connection_and_not_the_client() -> None:
    wrong = ['{"op":', "[1]"]
    third = asyncio.Event()

    async def play(n: int, socket: web.WebSocketResponse) -> None:
        if n <= 2:
            await socket.send_str(wrong[n - 1])
            return
        third.set()
        await socket.send_str('{"op":"surprise","id":77}')
        frame = await socket.receive_json()
        await socket.send_json({"op": "published", "id": frame["id"], "hearers": 3})

    async def use(url: str, codes: list[int]) -> None:
        async with AsyncClient(url, tega_id="me", timeout=20) as client:
            await client._session.ready(20)
            await asyncio.wait_for(third.wait(), 20)
            assert await client.publish("a", 1) == 3
        # With 1000 or 1001 the server would take away what is the client's.
        assert codes[:2] == [WSCloseCode.PROTOCOL_ERROR] * 2

    asyncio.run(_serve(play, use))


def test_a_server_that_drops_connections_is_not_stormed() -> None:
    count = 0

    async def play(n: int, socket: web.WebSocketResponse) -> None:
        nonlocal count
        count = n
        await socket.close(code=1012)

    async def use(url: str, codes: list[int]) -> None:
        async with AsyncClient(url, tega_id="me", timeout=20) as client:
            with contextlib.suppress(UnavailableError):  # it may be gone again already
                await client._session.ready(20, restored=False)
            await asyncio.sleep(1.5)
            assert 2 <= count <= 6  # pauses of at least 50, 100, 200, 400 and 800 ms

    asyncio.run(_serve(play, use))
