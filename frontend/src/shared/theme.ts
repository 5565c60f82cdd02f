import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from "@mantine/core";

/** Neutral greys around the reading room's near-black (#0b0d10 is the page, one step lighter the panels). */
const dark: MantineColorsTuple = [
  "#e6e9ee",
  "#c9d0d8",
  "#a9b3be",
  "#7d8894",
  "#3d4753",
  "#2a323b",
  "#1b2027",
  "#14181d",
  "#0b0d10",
  "#07090b",
];

const accent: MantineColorsTuple = [
  "#eaf4fd",
  "#d3e7f8",
  "#a5cff0",
  "#74b5e8",
  "#4f9fe0",
  "#2f86cc",
  "#1f6fb2",
  "#175a93",
  "#124873",
  "#0d3554",
];

/** Tooltips hang in the page's main landmark: next to `body` they would be content outside of every landmark. */
export const tooltipProps = {
  withArrow: true,
  openDelay: 250,
  multiline: true,
  events: { hover: true, focus: true, touch: true },
  portalProps: { target: "main" },
};

export const theme: MantineThemeOverride = createTheme({
  colors: { dark, accent },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 6 },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.3" },
      h2: { fontSize: "1.125rem", lineHeight: "1.4" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "sm",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Modal: {
      defaultProps: {
        transitionProps: { duration: 120 },
        centered: true,
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    // Within a dialog it is no banner of the page.
    ModalHeader: { defaultProps: { role: "presentation" } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
    // The placeholder would be a child of the menu that is no item of it.
    Menu: { defaultProps: { transitionProps: { duration: 100 }, withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: tooltipProps },
    Button: { defaultProps: { size: "sm" } },
  },
});

const schemeVariables: Record<string, string> = {
  "--mantine-color-body": "var(--rr-bg)",
  "--mantine-color-text": "var(--rr-text)",
  "--mantine-color-dimmed": "var(--rr-text-dim)",
  "--mantine-color-placeholder": "var(--rr-text-dim)",
  "--mantine-color-default-border": "var(--rr-line)",
  "--mantine-color-default": "var(--rr-panel)",
  "--mantine-color-default-hover": "var(--rr-panel-2)",
  "--mantine-color-anchor": "var(--rr-accent)",
  "--mantine-color-error": "var(--rr-danger)",
};

/** Mantine's own colors point at ours, which `theme.css` sets for both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  dark: schemeVariables,
  light: schemeVariables,
});

/** The page's style nonce, which the server prints and the policy asks of Mantine's style elements. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}
