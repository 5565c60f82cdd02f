import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface PartProps {
  title: string;
  help?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

/** One part of a section: a heading, a sentence of help, and what is edited. */
export function Part({ title, help, action, children }: PartProps) {
  return (
    <section className="rr-design-part">
      <header className="rr-design-part-head">
        <div>
          <Title order={2}>{title}</Title>
          {help !== undefined && (
            <Text size="sm" c="dimmed" maw={680}>
              {help}
            </Text>
          )}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

interface NumberTextProps {
  label: string;
  children: ReactNode;
}

/** A label beside its control, on one line. */
export function Line({ label, children }: NumberTextProps) {
  return (
    <div className="rr-design-line">
      <span className="rr-design-line-label">{label}</span>
      <div>{children}</div>
    </div>
  );
}
