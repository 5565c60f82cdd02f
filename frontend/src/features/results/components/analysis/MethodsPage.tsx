import { Button, Title } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import type { ReportContent } from "../../api/report-content";
import { methodsText } from "../../model/methods-text";

const COPIED_MS = 2_500;

function CopyMethods({ text }: { text: string }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("idle"), COPIED_MS);
  }
  const Icon = state === "copied" ? IconCheck : IconCopy;
  return (
    <div className="rr-figure-tools">
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Icon size={14} stroke={1.75} aria-hidden />}
        onClick={() => void copy()}
      >
        {state === "copied" ? "Copied" : "Copy the text"}
      </Button>
      <span role="status" className={state === "failed" ? "rr-copy-failed" : "rr-visually-hidden"}>
        {state === "copied" && "Copied."}
        {state === "failed" && "The browser did not allow it; take methods.txt from the files."}
      </span>
    </div>
  );
}

/** The statistical methods as they go into a manuscript. */
export function MethodsPage({ report }: { report: ReportContent }) {
  const { paragraphs, references } = report.methods;
  return (
    <article className="rr-section-page" aria-labelledby="section-title">
      <div className="rr-data-head">
        <Title order={2} id="section-title">
          Statistical methods
        </Title>
        <CopyMethods text={methodsText(report.methods)} />
      </div>
      <div className="rr-prose">
        {paragraphs.map((paragraph) => (
          <p key={paragraph.title}>
            <strong>{paragraph.title}.</strong> {paragraph.text}
          </p>
        ))}
      </div>
      {references.length > 0 && (
        <section aria-labelledby="references-title" className="rr-section">
          <Title order={3} id="references-title">
            References
          </Title>
          <ol className="rr-references">
            {references.map((reference) => (
              <li key={reference}>{reference}</li>
            ))}
          </ol>
        </section>
      )}
    </article>
  );
}
