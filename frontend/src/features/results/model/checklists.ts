import type { ChecklistItem } from "../api/report-content";

export const STATUS_TEXT: Readonly<Record<ChecklistItem["status"], string>> = {
  filled: "Filled",
  "partly filled": "Partly filled",
  "to complete": "To complete",
};

export function countsOf(items: readonly ChecklistItem[]): Record<ChecklistItem["status"], number> {
  const counts = { filled: 0, "partly filled": 0, "to complete": 0 };
  for (const item of items) counts[item.status] += 1;
  return counts;
}
