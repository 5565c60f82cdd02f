import { type MantineThemeOverride, MantineThemeProvider } from "@mantine/core";
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { tooltipProps } from "../../../shared/theme";
import styles from "./MovablePanel.module.css";
import type { SecondWindow } from "./second-window";
import { StandsIn } from "./use-dialog";

interface MovablePanelProps {
  /** The window that the panel is to stand in; null for its place here. */
  second: SecondWindow | null;
  children: ReactNode;
}

/**
 * Something that stands here or in the second window.
 *
 * It is moved as it is, and not made anew: half a number in a field, an opened note and the place it is scrolled to go
 * with it.
 */
export function MovablePanel({ second, children }: MovablePanelProps) {
  const [host] = useState(() => document.createElement("div"));
  const home = useRef<HTMLDivElement>(null);
  const place = second?.root ?? null;
  const theme = useMemo(() => themeIn(second), [second]);

  // Before what is inside measures itself.
  const atHome = useCallback(
    (element: HTMLDivElement) => {
      host.className = styles.place ?? "";
      home.current = element;
      element.append(host);
      return () => host.remove();
    },
    [host],
  );

  useLayoutEffect(() => {
    if (place === null) return;
    move(host, place);
    return () => {
      if (home.current?.isConnected) move(host, home.current);
    };
  }, [host, place]);

  return (
    <>
      <div ref={atHome} className={styles.place} />
      {createPortal(
        <StandsIn value={second}>
          <MantineThemeProvider theme={theme}>{children}</MantineThemeProvider>
        </StandsIn>,
        host,
      )}
    </>
  );
}

/** Lists, tooltips and dialogs open in the window of what they belong to. */
function themeIn(second: SecondWindow | null): MantineThemeOverride {
  if (second === null) return {};
  const there = { target: second.overlays };
  return {
    components: {
      Portal: { defaultProps: () => there },
      Tooltip: { defaultProps: () => ({ ...tooltipProps, portalProps: there }) },
    },
  };
}

function move(host: HTMLElement, to: HTMLElement): void {
  const scrolled = Array.from(host.querySelectorAll("*"))
    .filter(({ scrollTop }) => scrollTop > 0)
    .map((element) => ({ element, top: element.scrollTop }));
  to.append(host);
  for (const { element, top } of scrolled) element.scrollTop = top;
}
