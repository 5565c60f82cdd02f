import { styleNonce } from "../../../shared/theme";
import styles from "./second-window.module.css";

/** A page of its own in no-quirks mode, dark before any style has come; it names nobody and no case. */
const PAGE =
  '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="dark"><title>Form – Reading Room</title>';

/** Styles of the page and of the theme; those of single components stand beside them, and go where they go. */
const STYLES =
  'link[rel="stylesheet"], style[data-vite-dev-id], style[data-mantine-styles]:not([data-mantine-styles="inline"])';

/** Where the window stood when it was closed last, for as long as this tab lives. */
const PLACE = "reading-room:second-window";
const FIRST_WIDTH = 600;
const FIRST_NAME = "reading-room-images";

type Open = (features: string) => Window | null;

export interface SecondWindow {
  window: Window;
  /** What the window shows goes in here. */
  root: HTMLElement;
  /** Dialogs and lists that hang over it go in here. */
  overlays: HTMLElement;
  /** When the styles are there; until then the window is dark and empty. */
  styled: Promise<void>;
}

/**
 * A second window of this page, without a program of its own: this page draws in it.
 *
 * Null where the browser lets none be opened, as it does without a click or a key.
 */
export function openSecondWindow(
  open: Open = (features) => window.open("", "_blank", features),
): SecondWindow | null {
  const opened = open(sessionStorage.getItem(PLACE) ?? firstPlace());
  if (opened === null) return null;
  // What the browser opens is a page in quirks mode; written once more it is not.
  opened.document.open();
  opened.document.write(PAGE);
  opened.document.close();
  const there = opened.document;
  for (const { name, value } of document.documentElement.attributes) {
    there.documentElement.setAttribute(name, value);
  }
  const root = there.body.appendChild(there.createElement("main"));
  const overlays = there.body.appendChild(there.createElement("div"));
  root.className = styles.second ?? "";
  root.dataset.secondWindow = "";
  return { window: opened, root, overlays, styled: copyStyles(there) };
}

/**
 * Bring this page's own window to the front, from the second one.
 *
 * A page may not do so with `focus()`; opening a window by a name that is taken brings that one to the front.
 */
export function raiseFirst(second: SecondWindow): void {
  window.name ||= FIRST_NAME;
  second.window.open("", window.name);
}

/** Remember where the window stands, for the next time. */
export function keepPlace({ screenX, screenY, innerWidth, innerHeight }: Window): void {
  sessionStorage.setItem(PLACE, features(screenX, screenY, innerWidth, innerHeight));
}

/** At the right edge of this window's screen, where the form was; the reader moves it to the other one. */
function firstPlace(): string {
  const right = window.screenX + window.outerWidth;
  return features(Math.max(0, right - FIRST_WIDTH), window.screenY, FIRST_WIDTH, window.innerHeight);
}

const features = (left: number, top: number, width: number, height: number): string =>
  `popup,left=${left},top=${top},width=${width},height=${height}`;

async function copyStyles(there: Document): Promise<void> {
  const coming: Promise<void>[] = [];
  for (const style of document.querySelectorAll<HTMLLinkElement | HTMLStyleElement>(STYLES)) {
    const copy = there.importNode(style, true);
    if ("href" in style && "href" in copy) {
      copy.href = style.href;
      // A style that does not come leaves a form that can be used.
      coming.push(
        new Promise((done) => {
          copy.addEventListener("load", () => done());
          copy.addEventListener("error", () => done());
        }),
      );
    } else copy.nonce = styleNonce();
    there.head.append(copy);
  }
  await Promise.all(coming);
}
