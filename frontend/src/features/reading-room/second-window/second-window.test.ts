import { afterEach, describe, expect, it, vi } from "vitest";
import { keepPlace, openSecondWindow } from "./second-window";

afterEach(() => {
  document.body.replaceChildren();
  document.head.replaceChildren();
  sessionStorage.clear();
});

/** A frame stands in for what the browser opens: a window with an empty page in quirks mode. */
function opened(): Window {
  const frame = document.body.appendChild(document.createElement("iframe"));
  if (frame.contentWindow === null) throw new Error("The frame has no window.");
  return frame.contentWindow;
}

function styleElement(kind: string, text: string): void {
  const style = document.createElement("style");
  style.dataset.mantineStyles = kind;
  style.textContent = text;
  document.body.append(style);
}

describe("openSecondWindow", () => {
  it("makes a page in the language and colors of this one, without a word of the case", () => {
    document.documentElement.lang = "en";
    document.documentElement.dataset.mantineColorScheme = "dark";
    document.title = "Case 7";
    const second = openSecondWindow(opened);
    const there = second?.root.ownerDocument;
    expect(there?.compatMode).toBe("CSS1Compat");
    expect(there?.title).toBe("Form – Reading Room");
    expect(there?.documentElement.lang).toBe("en");
    expect(there?.documentElement.dataset.mantineColorScheme).toBe("dark");
    expect(there?.body.textContent).toBe("");
  });

  it("brings the theme with the nonce of the page, and leaves the styles of components to them", async () => {
    document.head.innerHTML = '<meta name="csp-nonce" content="n0nce">';
    styleElement("true", ":root { --one: 1 }");
    styleElement("inline", ".other { color: red }");
    const second = openSecondWindow(opened);
    await second?.styled;
    const styles = Array.from(second?.root.ownerDocument.querySelectorAll("style") ?? []);
    expect(styles.map(({ textContent, nonce }) => [textContent, nonce])).toEqual([
      [":root { --one: 1 }", "n0nce"],
    ]);
  });

  it("waits for style sheets, and does without one that does not come", async () => {
    for (const href of ["/one.css", "/two.css"]) {
      const link = document.head.appendChild(document.createElement("link"));
      link.rel = "stylesheet";
      link.href = href;
    }
    const second = openSecondWindow(opened);
    const styled = vi.fn();
    void second?.styled.then(styled);
    const [one, two] = second?.root.ownerDocument.querySelectorAll("link") ?? [];
    expect(one?.href).toBe(new URL("/one.css", document.baseURI).href);
    one?.dispatchEvent(new Event("load"));
    await Promise.resolve();
    expect(styled).not.toHaveBeenCalled();
    two?.dispatchEvent(new Event("error"));
    await second?.styled;
    expect(styled).toHaveBeenCalledOnce();
  });

  it("is told when the browser opens none", () => {
    expect(openSecondWindow(() => null)).toBeNull();
  });

  it("opens where it stood when it was closed", () => {
    const asked: string[] = [];
    const open = (features: string) => {
      asked.push(features);
      return null;
    };
    openSecondWindow(open);
    keepPlace({ screenX: 1920, screenY: 40, innerWidth: 800, innerHeight: 1000 } as Window);
    openSecondWindow(open);
    expect(asked).toEqual([
      expect.stringMatching(/^popup,left=\d+,top=\d+,width=600,height=\d+$/),
      "popup,left=1920,top=40,width=800,height=1000",
    ]);
  });
});
