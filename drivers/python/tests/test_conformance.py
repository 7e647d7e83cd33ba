"""The scenarios that all drivers share, on the API for threads."""

from __future__ import annotations

import concurrent.futures
import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any, Callable

import pytest

from rig import REPOSITORY, Proxy, Server
from tega import ABSENT, Change, Client, Commit, Edit, Initial, TegaError, dotted, names
from tega import _paths as paths

FOLDER = REPOSITORY / "drivers" / "conformance"
CAN = {"watch", "messages", "serve", "ephemeral", "ttl", "drafts", "revisions", "edges", "returning"}
PATIENCE = 20.0
Step = dict[str, Any]


def _scenarios() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.json")):
        document = json.loads(file.read_text())
        for scenario in document.get("scenarios", []):
            yield pytest.param(scenario, id=f"{file.stem}: {scenario['name']}")


@pytest.mark.parametrize("scenario", list(_scenarios()))
def test_scenario(server: Server, scenario: Step) -> None:
    missing = set(scenario.get("needs", [])) - CAN
    if missing:
        pytest.skip(f"this driver has no {missing}")
    with Client(server.url, tega_id="stage", timeout=PATIENCE) as stage:
        stage.clear()
    play = Play(server)
    try:
        for number, step in enumerate(scenario["steps"]):
            try:
                play.step(step)
            except BaseException as e:
                raise AssertionError(f"step {number + 1}, {json.dumps(step, ensure_ascii=False)}: {e}") from e
    finally:
        play.close()


@pytest.mark.parametrize("case", json.loads((FOLDER / "paths.json").read_text())["paths"], ids=lambda c: str(c["names"]))
def test_path(case: Step) -> None:
    where = tuple(case["names"])
    for text in case["dotted"]:
        assert names(text) == where
    assert dotted(where) == case["dotted"][0]
    if case["url"] is None:
        with pytest.raises(TegaError):
            paths.url(where)
    else:
        assert paths.url(where) == case["url"]


@pytest.mark.parametrize("text", json.loads((FOLDER / "paths.json").read_text())["invalid"])
def test_no_path(text: str) -> None:
    with pytest.raises(TegaError) as refused:
        names(text)
    assert refused.value.code == "INVALID"


class Play:
    """One scenario: its clients, and what it kept."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.down = False
        self.clients: dict[str, Client] = {}
        self.proxies: dict[str, Proxy] = {}
        self.kept: dict[str, Any] = {}
        self.things: dict[tuple[str, str], Any] = {}
        self.counts: dict[tuple[str, str], list[int]] = {}
        self.never = threading.Event()
        self.threads = concurrent.futures.ThreadPoolExecutor(24)

    def close(self) -> None:
        self.never.set()
        for client in self.clients.values():
            client.close()
        for proxy in self.proxies.values():
            proxy.close()
        self.threads.shutdown(wait=False)
        if self.down:
            self.server.start()

    # One step

    def step(self, raw: Step) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._once({name: self._filled(value) for name, value in raw.items() if name != "step"}, raw)
            except AssertionError:
                if not raw.get("eventually") or time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _once(self, step: Step, raw: Step) -> Any:
        act: Callable[[Step], Any] = getattr(self, "do_" + step["do"].replace("-", "_"))
        try:
            result = act({**step, "step": raw.get("step")})
        except TegaError as e:
            if "fails" not in step:
                raise AssertionError(f"it failed with {e.code}: {e}") from e
            assert e.code == step["fails"], f"it failed with {e.code}: {e}"
            assert step.get("saying", "") in str(e)
            return None
        assert "fails" not in step, f"it did not fail with {step['fails']} but gave {result!r}"
        if "gives" in step:
            assert _equal(step["gives"], result), f"it gave {result!r}, not {step['gives']!r}"
        if "like" in step:
            assert _like(step["like"], result), f"it gave {result!r}, not the like of {step['like']!r}"
        if "keep" in step:
            self.kept[step["keep"]] = result
        return result

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("$") and value != "$any":
            name, index, plus = re.fullmatch(r"\$(\w+)(?:\.(\d+))?([+-]\d+)?", value).groups()  # type: ignore[union-attr]
            known = self.kept[name] if index is None else self.kept[name][int(index)]
            return known + int(plus or 0)
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if isinstance(value, dict):
            return {name: self._filled(item) for name, item in value.items()}
        return value

    def client(self, step: Step) -> Client:
        name = step.get("as", "a")
        if name not in self.clients:
            self.proxies[name] = Proxy(self.server.port)
            ttl = step.get("ttl", 10)
            url = f"http://127.0.0.1:{self.proxies[name].port}"
            self.clients[name] = Client(url, tega_id=name, timeout=PATIENCE, ttl=ttl)
        return self.clients[name]

    # The verbs

    def do_get(self, step: Step) -> Any:
        return self.client(step).get(step["path"], version=step.get("version"), revision=step.get("revision"))

    def do_put(self, step: Step) -> Any:
        ephemeral = step.get("ephemeral", False)
        return self.client(step).put(step["path"], step["value"], message=step.get("message"), ephemeral=ephemeral)

    def do_merge(self, step: Step) -> Any:
        return self.client(step).merge(step["path"], step["value"], message=step.get("message"))

    def do_patch(self, step: Step) -> Any:
        return self.client(step).patch(step["path"], step["value"], message=step.get("message"))

    def do_delete(self, step: Step) -> Any:
        return self.client(step).delete(step["path"], message=step.get("message"))

    def do_tx(self, step: Step) -> Any:
        with self.client(step).tx(step.get("message"), confirm=step.get("confirm")) as tx:
            self._operate(tx, step)
        assert tx.result is not None
        return _commit(tx.result)

    def do_preview(self, step: Step) -> Any:
        with self.client(step).tx() as tx:
            self._operate(tx, step)
            preview = tx.preview()
            tx.cancel()
        edits = [_edit(edit) for edit in preview.edits]
        notes, refusals = list(preview.notes), list(preview.refusals)
        return {"accepted": preview.accepted, "edits": edits, "notes": notes, "refusals": refusals}

    def _operate(self, tx: Any, step: Step) -> None:
        for op in step["ops"]:
            what, path = op["do"], op.get("path")
            if what == "meanwhile":
                for other in op["steps"]:
                    self.step(other)
            elif what == "get":
                absent = op.get("fails") == "NOT_FOUND"
                found = tx.get(path, *(["absent"] if absent else []))
                assert _equal("absent" if absent else op.get("gives", found), found), f"it read {found!r}"
            elif what == "put":
                tx.put(path, op["value"], ephemeral=op.get("ephemeral", False))
            elif what == "delete":
                tx.delete(path)
            elif what == "expect":
                expected = {name: op[name] for name in ("absent", "present", "revision", "version", "value") if name in op}
                tx.expect(path, **expected)
            else:
                getattr(tx, what)(path, op["value"])

    def do_draft(self, step: Step) -> None:
        self._keep(step, "draft", self.client(step).draft())

    def do_draft_get(self, step: Step) -> Any:
        return self._thing(step, "draft").get(step["path"])

    def do_draft_put(self, step: Step) -> None:
        self._thing(step, "draft").put(step["path"], step["value"])

    def do_draft_merge(self, step: Step) -> None:
        self._thing(step, "draft").merge(step["path"], step["value"])

    def do_draft_delete(self, step: Step) -> None:
        self._thing(step, "draft").delete(step["path"])

    def do_draft_edits(self, step: Step) -> Any:
        return [_edit(edit) for edit in self._thing(step, "draft").edits()]

    def do_draft_commit(self, step: Step) -> Any:
        return self._thing(step, "draft").commit(step.get("message"))

    def do_draft_cancel(self, step: Step) -> None:
        self._thing(step, "draft").cancel()

    def do_log(self, step: Step) -> Any:
        log = self.client(step).history.log(step["path"], limit=step.get("limit", 100), start=step.get("from"))
        return [_commit(commit) for commit in log]

    def do_diff(self, step: Step) -> Any:
        edits = self.client(step).history.diff(step["from"], step.get("to"), step["path"])
        return [_edit(edit) for edit in edits]

    def do_blame(self, step: Step) -> Any:
        leaves = self.client(step).history.blame(step["path"])
        return [{"path": list(leaf.path), "value": leaf.value, "revision": leaf.revision} for leaf in leaves]

    def do_rollback(self, step: Step) -> Any:
        return self.client(step).history.rollback(step["root"], step["version"])

    def do_revert(self, step: Step) -> Any:
        return self.client(step).history.revert(step["revision"]).revision

    def do_tag(self, step: Step) -> Any:
        return self.client(step).history.tag(step["name"], step["revision"]).revision

    def do_tags(self, step: Step) -> Any:
        return self.client(step).history.tags()

    def do_pending(self, step: Step) -> Any:
        return [commit.revision for commit in self.client(step).history.pending()]

    def do_confirm(self, step: Step) -> None:
        history, revision = self.client(step).history, step["revision"]
        action = step.get("action", "confirm")
        if action == "extend":
            history.extend(revision, step["window"])
        else:
            getattr(history, action)(revision)

    def do_roots(self, step: Step) -> Any:
        return self.client(step).roots()

    def do_old(self, step: Step) -> Any:
        return self.client(step).old()

    def do_edges(self, step: Step) -> Any:
        return [list(edge) for edge in self.client(step).graph(step["root"], old=step.get("old", False))]

    def do_owner(self, step: Step) -> Any:
        return self.client(step).owner(step["path"])

    def do_watch(self, step: Step) -> None:
        more = {name: step[name] for name in ("path", "pattern", "since", "initial", "mode", "own") if name in step}
        self._keep(step, "watch", self.client(step).watch(**more))

    def do_next(self, step: Step) -> Any:
        try:
            event = self._thing(step, "watch").next(PATIENCE)
            while isinstance(event, Change) and event.roll_call:
                event = self._thing(step, "watch").next(PATIENCE)
        except TegaError as e:
            if e.code != "COMPACTED":
                raise
            return {"event": "compacted", "oldest": e.oldest}
        if isinstance(event, Initial):
            nodes = [{"path": list(node.path), "value": node.value} for node in event.nodes]
            return {"event": "initial", "revision": event.revision, "nodes": nodes}
        assert isinstance(event, Change)
        return {"event": "change", **_commit(event)}

    def do_count(self, step: Step) -> Any:
        revisions = [self._thing(step, "watch").next(PATIENCE).revision for _ in range(step["count"])]
        assert revisions == sorted(set(revisions))
        return len(revisions)

    def do_unwatch(self, step: Step) -> None:
        self._thing(step, "watch").close()

    def do_burst(self, step: Step) -> None:
        client = self.client(step)
        with concurrent.futures.ThreadPoolExecutor(16) as threads:
            list(threads.map(lambda n: client.put(step["path"], n), range(1, step["count"] + 1)))

    def do_subscribe(self, step: Step) -> None:
        more = {name: step[name] for name in ("channel", "pattern") if name in step}
        self._keep(step, "subscription", self.client(step).subscribe(**more))

    def do_heard(self, step: Step) -> Any:
        message = self._thing(step, "subscription").next(PATIENCE)
        return {"channel": list(message.channel), "publisher": message.publisher, "message": message.message}

    def do_unsubscribe(self, step: Step) -> None:
        self._thing(step, "subscription").close()

    def do_publish(self, step: Step) -> Any:
        return self.client(step).publish(step["channel"], step["message"])

    def do_serve(self, step: Step) -> None:
        answer = step["answer"]
        count = self.counts.setdefault((step.get("as", "a"), str(step["path"])), [0])

        def handler(*args: Any, **kwargs: Any) -> Any:
            count[0] += 1
            if "never" in answer:
                self.never.wait()
            if "error" in answer:
                raise RuntimeError(answer["error"])
            return {"args": list(args), "kwargs": kwargs} if "echo" in answer else answer.get("value")

        self.client(step).serve(step["path"], handler)

    def do_served(self, step: Step) -> Any:
        return self.counts[step.get("as", "a"), str(step["path"])][0]

    def do_unserve(self, step: Step) -> None:
        self.client(step).unserve(step["path"])

    def do_call(self, step: Step) -> Any:
        deadline = step["deadline"] / 1000 if "deadline" in step else None
        args, kwargs = step.get("args", []), step.get("kwargs", {})
        return self.client(step).call(step["path"], *args, deadline=deadline, **kwargs)

    def do_client(self, step: Step) -> None:
        self.client(step)

    def do_close(self, step: Step) -> None:
        self.clients[step.get("as", "a")].close()

    def do_clear(self, step: Step) -> None:
        self.client(step).clear()

    def do_start(self, step: Step) -> None:
        other = step["step"]
        self.things["task", step["task"]] = self.threads.submit(self._once, self._filled(other), other)

    def do_finish(self, step: Step) -> Any:
        try:
            return self.things["task", step["task"]].result(PATIENCE)
        except AssertionError as e:
            if isinstance(e.__cause__, TegaError):
                raise e.__cause__ from None
            raise

    def do_server(self, step: Step) -> None:
        if step["act"] == "start":
            self.server.start()
        else:
            getattr(self.server, step["act"])()
        self.down = step["act"] != "start"
        for proxy in self.proxies.values():
            proxy.server(not self.down)

    def do_network(self, step: Step) -> None:
        self.client(step)
        self.proxies[step.get("as", "a")].act(step["act"])

    def _keep(self, step: Step, kind: str, thing: Any) -> None:
        self.things[kind, step[kind]] = thing

    def _thing(self, step: Step, kind: str) -> Any:
        return self.things[kind, step[kind]]


def _commit(commit: Commit) -> Step:
    told: Step = {
        "revision": commit.revision,
        "author": commit.author,
        "tega_id": commit.tega_id,
        "kind": commit.kind,
        "message": commit.message,
        "versions": dict(commit.versions),
        "edits": [_edit(edit) for edit in commit.edits],
    }
    return told


def _edit(edit: Edit) -> Step:
    told: Step = {"op": edit.op, "path": list(edit.path)}
    for name in ("value", "previous"):
        if getattr(edit, name) is not ABSENT:
            told[name] = getattr(edit, name)
    if edit.ephemeral:
        told["ephemeral"] = True
    return told


def _equal(expected: Any, actual: Any) -> bool:
    if expected == "$any":
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(_equal(value, actual[name]) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(_equal, expected, actual))
    return isinstance(expected, bool) == isinstance(actual, bool) and bool(expected == actual)


def _like(expected: Any, actual: Any) -> bool:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(name in actual and _like(value, actual[name]) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(_like, expected, actual))
    return _equal(expected, actual)
