"""The command ``tega``: everyday commands from a shell. The server's own shell (``tega cli``) knows more."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, Optional

from . import Client, _json
from ._errors import DeadlineError, InvalidError, TegaError
from ._model import ABSENT, Change, Commit, Edit, Initial
from ._paths import dotted

_COMMANDS = """commands:
  get PATH [--version N|--revision N]   the value
  put PATH [VALUE]                      sets it; without VALUE from standard input
  merge PATH [VALUE]                    merges into it (RFC 7396)
  del PATH                              removes it
  roots                                 the roots with their versions
  log [PATH]                            who changed what, newest first
  diff FROM [TO] [PATH]                 between two revisions
  blame PATH                            who last changed each leaf
  rollback ROOT VERSION                 back to a version; -1: the one before
  revert REVISION                       undoes one commit
  tag NAME [REVISION]                   names a revision
  confirm REVISION                      keeps a commit that waits for it
  watch [PATH] [--since N] [-n COUNT]   changes as they happen
  sub CHANNEL [-n COUNT]                messages as they are published
  pub CHANNEL [VALUE]                   publishes one
  call PATH [ARG...] [NAME=VALUE...]    calls an RPC
  edges ROOT                            parent and child, a line each

A VALUE is JSON, else it is taken as a string; a path is dotted: a.b."10.0.0.0/8"
exit codes: 0 done, 1 refused or failed (the code is said first), 2 not understood"""


def value(text: str) -> Any:
    """JSON, or else the text itself."""
    try:
        return _json.loads(text)
    except ValueError:
        return text


def _given(text: Optional[str]) -> Any:
    if text is not None:
        return value(text)
    try:
        return _json.loads(sys.stdin.read())
    except ValueError as e:
        raise InvalidError(f"standard input is not JSON: {e}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tega",
        description="talks to a tega server",
        epilog=_COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("-u", "--url", default=os.environ.get("TEGA_URL", "http://127.0.0.1:8739"), help="the server (TEGA_URL, %(default)s)")
    add("--token", default=os.environ.get("TEGA_TOKEN"), help="who one is (TEGA_TOKEN)")
    add("--id", help="the tega_id to go by")
    add("--ca", help="certificates to trust, PEM")
    add("--cert", help="client certificate with its key, PEM")
    add("--timeout", type=float, default=35.0, metavar="SECONDS", help="how long to wait for an answer (%(default)g)")
    add("-m", "--message", help="what a change is for")
    add("--version", type=int, metavar="N", help="get: at this version of the root; negative: so many back")
    add("--revision", type=int, metavar="N", help="get: at this revision")
    add("--since", type=int, metavar="N", help="watch: from the commit after this revision")
    add("--limit", type=int, default=20, metavar="N", help="log: at most so many (%(default)d)")
    add("-n", "--count", type=int, metavar="N", help="watch, sub: end after so many")
    add("command", help=argparse.SUPPRESS)
    add("arguments", nargs="*", help=argparse.SUPPRESS)
    return parser


def _shown(result: Any) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2, default=str)


def _edit(edit: Edit) -> Iterator[str]:
    """As ``diff`` shows it: what went, what came."""
    if edit.previous is not ABSENT:
        yield f"- {dotted(edit.path)}: {json.dumps(edit.previous, ensure_ascii=False, default=str)}"
    elif edit.op == "delete":
        yield f"- {dotted(edit.path)}"
    if edit.op == "put":
        yield f"+ {dotted(edit.path)}: {json.dumps(edit.value, ensure_ascii=False, default=str)}"


def _head(commit: Commit) -> str:
    when = commit.time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    nobody = commit.author in ("local", "anonymous", commit.tega_id)
    who = commit.tega_id if nobody else f"{commit.author} as {commit.tega_id}"
    what = commit.message or ", ".join(dotted(edit.path) for edit in commit.edits)
    return f"{commit.revision}  {when}  {who}  {commit.kind}  {what}".rstrip()


class _Shell:
    def __init__(self, client: Client, options: argparse.Namespace) -> None:
        self._client = client
        self._options = options

    def do_get(self, path: str = "") -> Iterator[str]:
        yield _shown(self._client.get(path, version=self._options.version, revision=self._options.revision))

    def do_put(self, path: str, text: Optional[str] = None) -> None:
        self._client.put(path, _given(text), message=self._options.message)

    def do_merge(self, path: str, text: Optional[str] = None) -> None:
        self._client.merge(path, _given(text), message=self._options.message)

    def do_del(self, path: str) -> None:
        self._client.delete(path, message=self._options.message)

    def do_roots(self) -> Iterator[str]:
        for root, version in self._client.roots().items():
            yield f"{dotted([root])} {version}"

    def do_log(self, path: str = "") -> Iterator[str]:
        yield from map(_head, self._client.history.log(path, limit=self._options.limit))

    def do_diff(self, start: str, end: Optional[str] = None, path: str = "") -> Iterator[str]:
        last = None if end is None else _number(end)
        for edit in self._client.history.diff(_number(start), last, path):
            yield from _edit(edit)

    def do_blame(self, path: str) -> Iterator[str]:
        for leaf in self._client.history.blame(path):
            who = leaf.commit.tega_id if leaf.commit else "?"
            yield f"{leaf.revision}  {who}  {dotted(leaf.path)}: {json.dumps(leaf.value, ensure_ascii=False, default=str)}"

    def do_rollback(self, root: str, version: str) -> Iterator[str]:
        yield f"revision {self._client.history.rollback(root, _number(version))}"

    def do_revert(self, revision: str) -> Iterator[str]:
        yield f"revision {self._client.history.revert(_number(revision)).revision}"

    def do_tag(self, name: str, revision: Optional[str] = None) -> None:
        self._client.history.tag(name, None if revision is None else _number(revision))

    def do_confirm(self, revision: str) -> None:
        self._client.history.confirm(_number(revision))

    def do_watch(self, path: str = "") -> Iterator[str]:
        with self._client.watch(path, since=self._options.since) as watch:
            for number, event in enumerate(watch, 1):
                if isinstance(event, Change):
                    yield _head(event)
                    for edit in event.edits:
                        yield from (f"  {line}" for line in _edit(edit))
                elif isinstance(event, Initial):
                    yield f"{event.revision}"
                if number == self._options.count:
                    return

    def do_sub(self, channel: str) -> Iterator[str]:
        with self._client.subscribe(channel) as subscription:
            for number, message in enumerate(subscription, 1):
                yield f"{dotted(message.channel)} {message.publisher} {json.dumps(message.message, ensure_ascii=False)}"
                if number == self._options.count:
                    return

    def do_pub(self, channel: str, text: Optional[str] = None) -> Iterator[str]:
        yield f"{self._client.publish(channel, _given(text))} heard it"

    def do_call(self, path: str, *texts: str) -> Iterator[str]:
        args, kwargs = [], {}
        for text in texts:
            name, equals, rest = text.partition("=")
            if equals and name.isidentifier():
                kwargs[name] = value(rest)
            else:
                args.append(value(text))
        yield _shown(self._client.call(path, *args, **kwargs))

    def do_edges(self, root: str) -> Iterator[str]:
        for edge in self._client.graph(root):
            yield f"{edge.source} {edge.target}"


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidError(f"'{text}' is not a number") from None


def main(arguments: Optional[list[str]] = None) -> int:
    """The console script."""
    parser = _parser()
    options = parser.parse_intermixed_args(arguments)
    try:
        with Client(
            options.url, token=options.token, tega_id=options.id, ca=options.ca, cert=options.cert, timeout=options.timeout
        ) as client:
            command = getattr(_Shell(client, options), f"do_{options.command}", None)
            if command is None:
                parser.error(f"there is no '{options.command}'")
            try:
                lines = command(*options.arguments)
            except TypeError as e:
                if "positional argument" not in str(e):
                    raise
                parser.error(f"'{options.command}' takes other arguments")
            for line in lines or ():
                print(line, flush=True)
    except (TegaError, DeadlineError) as e:
        print(f"{e.code} {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
