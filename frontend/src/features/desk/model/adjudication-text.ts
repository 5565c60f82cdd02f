import type { AdjudicationProgress } from "../api/get-progress";

/** How far adjudication is, in one line of numbers. */
export function adjudicationText(progress: AdjudicationProgress): string {
  const { panels, complete, raised, open, settled, by_majority } = progress;
  const parts = [`${complete} of ${panels} panels complete`];
  parts.push(`${raised + open + settled} discordant`);
  parts.push(
    by_majority > 0 ? `${settled} settled, ${by_majority} of them by majority` : `${settled} settled`,
  );
  return parts.join(" · ");
}

/** What is to be expected of the whole study. */
export function forecastText({ forecast }: AdjudicationProgress): string {
  const items = Math.round(forecast.items);
  const hours = forecast.hours < 1 ? "less than 1 hour" : `about ${Math.round(forecast.hours)} h`;
  return `Expected in all: ${items} ${items === 1 ? "case" : "cases"} for an adjudicator, ${hours}.`;
}
