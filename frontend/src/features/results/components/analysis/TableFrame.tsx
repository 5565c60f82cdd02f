import type { ReactNode } from "react";

interface TableFrameProps {
  label?: string;
  labelledBy?: string;
  className?: string;
  children: ReactNode;
}

/** A wide or long table scrolls by itself, also by the keyboard. */
export function TableFrame({ label, labelledBy, className, children }: TableFrameProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the group is no part of a form.
    <div
      className={className ?? "rr-data-frame"}
      role="group"
      aria-label={label}
      aria-labelledby={labelledBy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
      tabIndex={0}
    >
      {children}
    </div>
  );
}
