"""`python -m scripts.bench_reading`: how fast the reading page is in headless Chromium, on the product's own server.

A reader reads phantom cases of 40 slices, one after the other, with the form of the template on lateral pelvic lymph
nodes; where `../shared/data` lies beside the checkout, two real pelvic studies are opened too.
"""

import argparse
import dataclasses
import secrets
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from scripts import bench_page
from scripts.bench_rows import Row, machine, set_up_django, table_head

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
REAL = {"Siemens": "prostatex-0000-siemens", "Toshiba": "cmb-crc-toshiba"}
READER = "bench-reader"
CASES = 100
VISITS = 5
TIMED_CASES = 25
VIEWER = "[data-viewer]"
SHOWN = f"{VIEWER}[data-rendered=true]"
CENTER_OF_40_SLICES = "C"
READY_WITHIN_S = 60.0

# From the press that submits until the page knows that the next case's image is drawn, and until the frame after it.
# The page says when: who asks it again and again makes it draw a frame for every question.
_NEXT = """() => {
    const before = location.pathname;
    const button = [...document.querySelectorAll("button")].find((one) => one.textContent === "Submit and lock");
    window.benchNext = new Promise((found) => button.addEventListener("click", () => {
        const started = performance.now();
        const isThere = () => {
            const read = location.pathname.split("/").at(-1);
            return document.querySelector(`[data-read="${read}"] [data-viewer] [data-drawn]`) !== null;
        };
        const watch = new MutationObserver(() => {
            if (location.pathname === before || !isThere()) return;
            watch.disconnect();
            const drawn = performance.now() - started;
            requestAnimationFrame(() => requestAnimationFrame(() => found([drawn, performance.now() - started])));
        });
        watch.observe(document, { subtree: true, childList: true, attributes: true });
    }, { once: true, capture: true }));
}"""
# Nobody confirms a dialog before it stands on the screen.
_SEEN = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => setTimeout(done, 250)))))"""
# The frames of another case than the one that is open.
_CAME_AHEAD = """(count) => performance.getEntriesByType("resource").filter(({ name, responseEnd }) =>
    responseEnd > 0 && /frames\\/\\d+$/.test(name) && !name.includes(location.pathname.split("/").at(-1))
).length >= count"""


@dataclasses.dataclass(frozen=True)
class Opened:
    """A case of a study on the server, open in its reader's name."""

    url: str
    slices: int
    """Of the series that is shown first; `frames` are those of all."""
    frames: int


@dataclasses.dataclass(frozen=True)
class Server:
    """The product's own web server on this machine, and how to sign in to it."""

    url: str
    password: str
    state: Path


def measure_reading(folder: Path, *, cases: int = CASES) -> Iterator[Row]:
    """Every row of the reading page. Django must be set up on an empty database in `folder`."""
    password = secrets.token_urlsafe(16)
    slugs = {"40-slice phantom": _phantom_study("bench-phantom", cases, folder, password)}
    for vendor, name in REAL.items():
        if (SHARED_DATA / name).is_dir():
            slugs[f"{vendor} pelvis"] = _study(f"bench-{vendor.lower()}", [SHARED_DATA / name], password)
    with _server(folder, password) as server, bench_page.chromium() as browser:
        _sign_in(browser, server)
        for name, slug in slugs.items():
            yield from _measure_opening(browser, server, name, slug)
        yield from _measure_reading_on(browser, server, slugs["40-slice phantom"], cases)


def _measure_opening(browser: Browser, server: Server, name: str, slug: str) -> Iterator[Row]:
    """A case opened by its address, in a browser that was never here."""
    with _context(browser, server) as context:
        case = _open(context, server, slug)
    visits = [
        bench_page.cold_visit(
            browser,
            case.url,
            frames=r"/series/0/frames/\d+$",
            slices=case.slices,
            selector=f"{VIEWER} canvas",
            state=server.state,
            drawn=f"{VIEWER} [data-drawn]",
        )
        for _ in range(VISITS)
    ]
    yield from bench_page.visit_rows(name, case.slices, visits)


def _measure_reading_on(browser: Browser, server: Server, slug: str, cases: int) -> Iterator[Row]:
    """One case after the other in one page, as a reader does."""
    drawn: list[float] = []
    framed: list[float] = []
    held: list[bench_page.Memory] = []
    own: list[float] = []
    with _context(browser, server) as context, _page(context) as page:
        case = _open(context, server, slug)
        page.goto(case.url)
        for number in range(cases - 1):
            page.locator(SHOWN).wait_for()
            page.wait_for_function(_CAME_AHEAD, arg=case.frames)
            if number in (2, cases - 2):
                held.append(bench_page.memory(page))
                own.append(bench_page.held_mb(page))
            page.evaluate("() => performance.clearResourceTimings()")
            image, frame = _submit(page)
            drawn.append(image)
            framed.append(frame)
    timed = slice(2, 2 + TIMED_CASES)
    yield Row("submit to the next case's image drawn", drawn[timed])
    yield Row("submit to the frame after the next case's image", framed[timed])
    if len(held) == 2:
        when = f"case 3 and case {cases - 1}"
        yield Row(f"memory of the page, {when}", [one.total for one in held], quantity="MB")
        yield Row(f"the same without compiled code, {when}", own, quantity="MB")


def _submit(page: Page) -> tuple[float, float]:
    """Answer the form and submit; seconds from the last press to the next case."""
    page.get_by_role("radio", name="Left obturator").check()
    page.get_by_label("Short axis", exact=True).fill("6.5")
    page.get_by_role("radio", name="Heterogeneous signal: yes").check()
    page.get_by_role("radio", name="Ill-defined or spiculated margin: no").check()
    page.locator("input[name=rating][value='4']").check()
    page.get_by_text("Saved", exact=False).first.wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => document.activeElement.textContent === 'Submit and lock'")
    page.evaluate(_NEXT)
    page.evaluate(_SEEN)
    page.keyboard.press("Enter")
    image, frame = page.evaluate("() => window.benchNext")
    return float(image) / 1000, float(frame) / 1000


def _open(context: BrowserContext, server: Server, slug: str) -> Opened:
    """Open the reader's next case of a study, or find the one that is open."""
    token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
    answer = context.request.post(
        f"{server.url}/api/reader/studies/{slug}/next",
        headers={"X-CSRFToken": token, "Referer": server.url},
    )
    read_id = answer.json()["read_id"]
    read = context.request.get(f"{server.url}/api/reader/reads/{read_id}").json()
    slices = [one["slices"] for one in read["series"]]
    return Opened(f"{server.url}/read/{slug}/case/{read_id}", slices[0], sum(slices))


@contextmanager
def _context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = bench_page.new_context(browser, server.state)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def _page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    try:
        yield page
    finally:
        page.close()


def _sign_in(browser: Browser, server: Server) -> None:
    context = bench_page.new_context(browser)
    with _page(context) as page:
        page.goto(f"{server.url}/sign-in")
        page.get_by_label("User name").fill(READER)
        page.get_by_label("Password", exact=True).fill(server.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        context.storage_state(path=server.state)
    context.close()


@contextmanager
def _server(folder: Path, password: str) -> Iterator[Server]:
    """The web server as `make run` starts it, on a port that is free."""
    from scripts.run import answers, services
    from scripts.supervise import Supervisor

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    supervisor = Supervisor(ROOT, log_dir=folder / "logs")
    supervisor.quiet()
    web = services("127.0.0.1", port, {"DATA_DIR": str(folder)})[0]
    try:
        supervisor.start(web)
        _wait_for(lambda: answers(f"{url}/healthz"))
        yield Server(url, password, folder / "signed-in.json")
    finally:
        supervisor.stop_all()


def _wait_for(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not is_there():
        if time.monotonic() > deadline:
            raise TimeoutError("The web server did not answer.")
        time.sleep(0.1)


def _phantom_study(slug: str, cases: int, folder: Path, password: str) -> str:
    """A study of the same phantom under many names: what differs from case to case is its identifiers alone."""
    from inference.phantom import make_case, write_dicom

    phantom = make_case(1, CENTER_OF_40_SLICES)
    folders = []
    for number in range(1, cases + 1):
        folders.append(folder / "phantoms" / str(number))
        write_dicom(dataclasses.replace(phantom, seed=number), folders[-1], patient_id=f"BENCH-{number}")
    return _study(slug, folders, password)


def _study(slug: str, folders: list[Path], password: str) -> str:
    """A frozen study of the examinations in the folders, its first session without a model, for one reader."""
    from django.utils import timezone

    from backend.accounts.models import Center, User
    from backend.accounts.roles import Role
    from backend.cases.models import Case
    from backend.cases.services import import_paths
    from backend.predictions.selectors import models_for_freeze
    from backend.predictions.services import models_register
    from backend.studies.services import case_add, member_enroll, study_create, study_freeze

    now = timezone.now()
    center, _ = Center.objects.get_or_create(code=slug[-8:].upper(), defaults={"name": slug})
    reader = User.objects.filter(username=READER).first()
    if reader is None:
        reader = User(username=READER, display_name="Bench")
        reader.set_password(password)
        reader.save()
    study = study_create(slug=slug, title=slug, template="lpln-radiomics", by=None, now=now, washout_days=0)
    member_enroll(study=study, user=reader, role=Role.READER, by=None, now=now)
    found: list[Case] = []
    import_paths(
        paths=folders, center=center, by=None, now=now, each_case=lambda case, _added: found.append(case)
    )
    for case in found:
        case_add(study=study, case=case, by=None, now=now)
    models_register(by=None, now=now)
    study_freeze(study_id=study.pk, models=models_for_freeze(study), by=None, now=now)
    return slug


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=CASES, help="phantom cases that are read in one page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reading-room-bench-") as name:
        set_up_django(Path(name))
        print(machine())
        print(table_head())
        for row in measure_reading(Path(name), cases=options.cases):
            print(row, flush=True)


if __name__ == "__main__":
    main()
