import type { ReportContent } from "../api/report-content";

/** Paragraphs and numbered references as they are pasted into a manuscript. */
export function methodsText({ paragraphs, references }: ReportContent["methods"]): string {
  const parts = paragraphs.map(({ title, text }) => `${title}. ${text}`);
  const listed = references.map((text, index) => `${index + 1}. ${text}`);
  return `${[...parts, ...(listed.length > 0 ? [`References\n${listed.join("\n")}`] : [])].join("\n\n")}\n`;
}
