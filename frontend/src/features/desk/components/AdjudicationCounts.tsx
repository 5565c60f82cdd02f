import { Text } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import type { AdjudicationProgress } from "../api/get-progress";
import { adjudicationText, forecastText } from "../model/adjudication-text";

/** How far adjudication is: numbers, and nothing of which case or on what. */
export function AdjudicationCounts({ progress }: { progress: AdjudicationProgress }) {
  return (
    <section className="rr-totals" aria-label="Adjudication">
      <Text fw={550} className="rr-tabular">
        <IconScale size={16} stroke={1.5} aria-hidden /> {adjudicationText(progress)}
      </Text>
      <Text size="sm" c="dimmed">
        {forecastText(progress)}
      </Text>
      {progress.needs_review > 0 && (
        <Text size="sm" c="var(--rr-warn)">
          {progress.needs_review} to review: a reading was changed after the verdict.
        </Text>
      )}
    </section>
  );
}
