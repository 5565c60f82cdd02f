"""What a page owes to somebody who sees little, uses no mouse, or has the page read out: axe-core, zoom, focus."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from playwright.sync_api import Page

AXE = settings.ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Every rule of WCAG 2.1 and 2.2 up to AA, and axe-core's own best practice.
RUN = """async (rules) => {
    // A menu hangs over the page, outside its landmarks, for as long as it is open.
    const region = { enabled: document.querySelector("[role=menu], [role=listbox]") === null };
    const options = rules ? { runOnly: { type: "rule", values: rules } } : { rules: { region } };
    const found = await axe.run(document, options);
    return found.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
        `${id}: ${help}: ${target.join(" ")}: ${failureSummary.split("\\n").slice(1).join("; ").trim()}`));
}"""
SCHEME = "(scheme) => document.documentElement.setAttribute('data-mantine-color-scheme', scheme)"
PAINTED = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.allSettled(document.getAnimations().map((one) => one.finished));
}"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What sticks out at the right, but for what lies in a frame that is scrolled by itself.
BEYOND = """() => {
    const edge = document.documentElement.clientWidth;
    const isScrolled = (one) => one !== document.body && one !== document.documentElement
        && (getComputedStyle(one).overflowX !== "visible" || (one.parentElement && isScrolled(one.parentElement)));
    return Array.from(document.querySelectorAll("body *"))
        .filter((one) => one.getBoundingClientRect().right > edge + 1 && !isScrolled(one))
        .map((one) => `${one.tagName.toLowerCase()}.${one.className}`)
        .slice(0, 8);
}"""
SCREEN = {"width": 1366, "height": 768}
# What a browser's zoom of 200 % leaves of that screen.
ZOOMED = {"width": 683, "height": 384}


@dataclass
class Findings:
    """What was wrong with the pages that were looked at, by page and state."""

    found: dict[str, list[str]] = field(default_factory=dict)
    looked_at: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str, *, both_schemes: bool = False) -> None:
        """Ask axe-core about the page as it stands; its colors in the light scheme too where it has one."""
        self.looked_at.append(name)
        self._keep(name, violations(page))
        if both_schemes:
            page.evaluate(SCHEME, "light")
            page.evaluate(PAINTED)
            self._keep(f"{name}, light", violations(page, ["color-contrast", "link-in-text-block"]))
            page.evaluate(SCHEME, "dark")

    def zoom(self, page: Page, name: str) -> None:
        """At a zoom of 200 % nothing is cut off at the side."""
        page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        page.evaluate(PAINTED)
        wider = page.evaluate(OVERFLOW)
        beyond = page.evaluate(BEYOND) if wider > 0 else []
        self._keep(f"{name}, zoomed", [f"{wider} px wider than the page: {one}" for one in beyond])
        page.set_viewport_size(SCREEN)  # type: ignore[arg-type]

    def report(self) -> str:
        return "\n".join(f"{name}\n    " + "\n    ".join(wrong) for name, wrong in self.found.items())

    def _keep(self, name: str, wrong: list[str]) -> None:
        if wrong:
            self.found[name] = wrong


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """The rules of axe-core that the page breaks now, one line an element."""
    if page.evaluate("() => typeof window.axe") == "undefined":
        # Evaluated by the test's own channel: the page's policy would not let the page load it.
        page.evaluate(AXE.read_text())
    found: list[Any] = page.evaluate(RUN, rules)
    return [str(one) for one in found]
