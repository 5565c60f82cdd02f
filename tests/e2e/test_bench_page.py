"""The bench's watches, on a page that paints what the test tells it to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from scripts import bench_page
from scripts.ohif import serving_ohif

pytestmark = pytest.mark.e2e

PAGE = """<!doctype html>
<canvas id="thumbnail" width="100" height="100"></canvas>
<canvas id="viewer" width="600" height="400"></canvas>
<script>
    const paint = (id, gray) => {
        const canvas = document.getElementById(id), context = canvas.getContext("2d");
        for (let x = 0; x < canvas.width; x += 1) {
            context.fillStyle = `rgb(${gray(x)}, ${gray(x)}, ${gray(x)})`;
            context.fillRect(x, 0, 1, canvas.height);
        }
    };
    const frames = (count) => new Promise((done) => {
        const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
        next();
    });
    let slice = 0;
    const ramp = (x) => (x / 3 + 40 * slice) % 256;
    document.getElementById("viewer").addEventListener("wheel", async (event) => {
        slice += Math.sign(event.deltaY);
        await frames(3);
        paint("viewer", ramp);
    });
</script>"""


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "slice-1.js").write_text("1")
    (tmp_path / "slice-2.js").write_text("2")
    context = bench_page.new_context(chromium)
    # No DICOMweb server stands behind: the page asks for none.
    with serving_ohif(tmp_path, dicomweb_port=9) as origin:
        page = context.new_page()
        page.goto(origin)
        yield page
        context.close()


def first_image_ms(page: Page) -> float | None:
    page.evaluate("() => frames(4)")
    found: float | None = page.evaluate("() => benchProbe.firstImageMs")
    return found


def test_image_is_told_from_thumbnail_and_plain_ground(page: Page) -> None:
    page.evaluate("() => paint('thumbnail', ramp)")
    assert first_image_ms(page) is None
    page.evaluate("() => paint('viewer', () => 90)")
    assert first_image_ms(page) is None
    page.evaluate("() => paint('viewer', (x) => ramp(x) / 16)")
    assert first_image_ms(page) is None

    before = page.evaluate("() => { paint('viewer', ramp); return performance.now(); }")
    first = first_image_ms(page)
    assert first is not None
    assert first > before
    assert bench_page.first_image_s(page) == first / 1000


def test_turns_of_the_wheel_are_timed_to_the_changed_picture(page: Page) -> None:
    page.evaluate("() => paint('viewer', ramp)")
    bench_page.first_image_s(page)

    turns = bench_page.scroll_steps_s(page, "#viewer", 2)

    assert len(turns) == 4
    assert all(seconds > 0 for seconds in turns)
    assert page.evaluate("() => slice") == 0


def test_slices_have_come_when_each_was_answered(page: Page) -> None:
    fetch = "(names) => Promise.all(names.map((name) => fetch(name).then((answer) => answer.text())))"
    page.evaluate(fetch, ["/slice-1.js", "/slice-1.js", "/slice-9.js"])
    assert page.evaluate(bench_page.CAME, [r"/slice-\d\.js$", 2]) is False
    page.evaluate(fetch, ["/slice-2.js"])

    came = bench_page.frames_came_s(page, r"/slice-\d\.js$", 2)

    assert 0 < came <= page.evaluate("() => performance.now()") / 1000


def test_memory_tells_what_the_page_holds(page: Page) -> None:
    before = bench_page.memory(page)
    page.evaluate("() => { window.held = new Uint8Array(50_000_000); }")
    after = bench_page.memory(page)
    page.evaluate("() => { window.held = null; }")

    assert 49 < after.buffers - before.buffers < 51
    assert after.objects > 0
    assert bench_page.memory(page).buffers < 49 + before.buffers


def test_memory_without_code_counts_what_the_page_holds_and_not_its_functions(page: Page) -> None:
    before = bench_page.held_mb(page)
    page.evaluate("() => { window.held = new Uint8Array(8_000_000).fill(1); }")
    with_bytes = bench_page.held_mb(page)
    assert with_bytes - before == pytest.approx(8.0, abs=0.2)
    # Two megabytes of source, run once: its text is held, what it was compiled to is not counted.
    page.evaluate("""() => {
        const lines = Array.from({ length: 20_000 }, (_, at) => `(${at} * x + ${at}) % 7`);
        window.hot = new Function("x", `return [${lines.join(",")}].length`);
        window.hot(1);
    }""")
    source = page.evaluate("() => window.hot.toString().length") / 1e6
    assert bench_page.held_mb(page) - with_bytes < source + 0.3
