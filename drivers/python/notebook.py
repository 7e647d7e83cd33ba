"""Runs docs/tree.ipynb against a server of its own and keeps what came out; with --check only says whether it still runs.

The notebook is written here, so that its cells can be read and changed as text.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).resolve().parent / "tests"))
from rig import REPOSITORY, Server

PAGE = REPOSITORY / "docs" / "tree.ipynb"

CELLS = [
    ("markdown", """# A tree and its versions

The data of tega is a tree. Every commit gives the roots it touches a new version; what it did not touch is shared with the version before.
This page draws both. It talks to the server at `TEGA_URL` with the driver in [drivers/python](../drivers/python/README.md), `pip install
'tega[graph]'`; what is below each cell is what came out when it was run."""),
    ("code", """import os
import tega

client = tega.Client(os.environ.get("TEGA_URL", "http://127.0.0.1:8739"), tega_id="notebook")
client.put("r.a", 1)
client.put("r.b.c", 2)
client.put("r.b.d", 3)
client.merge("r", {"b": {"c": 4}, "e": {"f": {"g": 5}}}, message="two places at once")
client.get("r")"""),
    ("markdown", "`graph` gives the edges of a root. A node is called by its path and, in brackets, by the version its root had when the node\nlast changed: `r.a(0)` has been as it is from the first."),
    ("code", """edges = client.graph("r")
edges"""),
    ("markdown", "They are rows for pandas, and pairs for networkx."),
    ("code", """import pandas

pandas.DataFrame(edges)"""),
    ("code", """import matplotlib.pyplot as plt
import networkx


def draw(edges, title):
    graph = networkx.DiGraph()
    nodes = sorted({node for edge in edges for node in edge}, key=lambda node: (node.count("."), node))
    graph.add_nodes_from((node, {"depth": -node.count(".")}) for node in nodes)
    graph.add_edges_from(edges)
    place = networkx.multipartite_layout(graph, subset_key="depth", align="horizontal")
    version = [int(node.rsplit("(", 1)[1][:-1]) for node in graph]
    plt.figure(figsize=(9, 3.6))
    networkx.draw(graph, place, node_color=version, cmap="viridis_r", vmin=-1, vmax=6, node_size=2200)
    networkx.draw_networkx_labels(graph, place, {node: node.rsplit(".", 1)[-1] for node in graph}, font_color="white")
    plt.margins(0.12)
    plt.title(title)
    plt.show()


draw(edges, "the root r now")"""),
    ("markdown", "With `old=True` the versions that are kept come too. They share what they have in common: the root changed with every commit, `r.a` never."),
    ("code", """draw(client.graph("r", old=True), "all versions of the root r")"""),
    ("markdown", "History is part of the database: who changed what, how it was, and back again."),
    ("code", """pandas.DataFrame(
    [(commit.versions["r"], commit.tega_id, commit.message or "", [tega.dotted(edit.path) for edit in commit.edits])
     for commit in client.history.log("r")],
    columns=["version", "who", "why", "what"],
)"""),
    ("code", """print("as it was one version ago:", client.get("r", version=-1))
client.history.rollback("r", 1)
print("rolled back to version 1: ", client.get("r"))
client.close()"""),
]  # fmt: skip


def written() -> nbformat.NotebookNode:
    cells = []
    for number, (kind, text) in enumerate(CELLS):
        cell = nbformat.v4.new_markdown_cell(text) if kind == "markdown" else nbformat.v4.new_code_cell(text)
        cell["id"] = f"cell-{number}"
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def main() -> None:
    server = Server()
    try:
        os.environ["TEGA_URL"] = server.url
        os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parent / "src")
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
        page = written()
        NotebookClient(page, timeout=120, kernel_name="python3").execute(cwd=str(REPOSITORY))
    finally:
        server.close()
    for cell in page.cells:
        cell.get("metadata", {}).pop("execution", None)
    if "--check" not in sys.argv:
        nbformat.write(page, PAGE)
        return
    kept = nbformat.read(PAGE, as_version=4)
    for now, then in zip(page.cells, kept.cells):
        if texts(now) != texts(then) or now.source != then.source:
            raise SystemExit(f"docs/tree.ipynb tells {texts(then)}, it is {texts(now)}; run {Path(__file__).name}")
    print(f"docs/tree.ipynb: {len(page.cells)} cells as they were")


def texts(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell gave as text; pictures differ between machines."""
    found = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
    return [text for text in found if not text.startswith("<Figure")]


main()
