"""How long a region takes in the browser: the page's own worker, asked as the page asks it.

`python -m scripts.bench_grow --browser` prints it. The front end must be built. Each request carries the box of
30 mm around a click as it would be cut from its series; the clock runs from the posting to the answer.
"""

import base64
import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from backend.analysis.masks.grow import DEFAULTS, cut_box
from inference.phantom.node_box import CONTRASTS, GRIDS, NodeBox, make_node_box
from scripts import bench_page
from scripts.bench_rows import Row

DIST = Path(__file__).resolve().parent.parent / "frontend" / "dist"
GRID = "0.6 mm, slices 3.5 mm"
NODES = 42
UNTIMED = 3  # the first ones are still being compiled

_OPEN = "(address) => void (window.worker = new Worker(address, { type: 'module' }))"
_ASK = """({ box, values, ...rest }) => new Promise((done, failed) => {
    const bytes = Uint8Array.from(atob(values), (one) => one.charCodeAt(0));
    const request = { ...rest, box: { ...box, values: new Uint16Array(bytes.buffer) } };
    const started = performance.now();
    worker.onerror = () => failed(new Error("The worker did not start."));
    worker.onmessage = ({ data }) => done([performance.now() - started, data.result?.kind ?? data.error]);
    worker.postMessage(request);
})"""


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *message: object) -> None:
        """Nobody reads of each request."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def request_of(box: NodeBox, number: int) -> dict[str, Any]:
    """What the page sends for a click on the node, the values as base64 of 16-bit integers."""
    within, seed = cut_box(box.values.shape, box.grid.spacing_mm, box.seed, DEFAULTS.box_mm)
    values = box.values[within].astype("<u2")
    return {
        "id": number,
        "seed": list(seed),
        "parameters": dataclasses.asdict(DEFAULTS),
        "values": base64.b64encode(values.tobytes()).decode(),
        "box": {"shape": list(values.shape), "spacingMm": list(box.grid.spacing_mm)},
    }


def grow_in_browser(count: int = NODES) -> Iterator[Row]:
    """Milliseconds of the first region, and of `count` more, the contrasts in turn."""
    [script] = DIST.glob("assets/grow-worker-*.js")
    contrasts = list(CONTRASTS.values())
    times = []
    with _served(DIST) as address, bench_page.chromium() as browser, browser.new_page() as page:
        page.goto(f"{address}/.vite/manifest.json")
        page.evaluate(_OPEN, f"{address}/assets/{script.name}")
        for number in range(count + UNTIMED):
            box = make_node_box(number, contrasts[number % len(contrasts)], GRIDS[GRID])
            took, what = page.evaluate(_ASK, request_of(box, number))
            if what not in ("grown", "refused"):
                raise RuntimeError(f"The worker answered: {what}")
            times.append(float(took))
    yield Row("the first region of a worker", times[:1], quantity="ms")
    yield Row("a region in the browser's worker", times[UNTIMED:], quantity="ms")
