import type { DevelopmentScores } from "../api/get-aid";
import { standingOf, standingText } from "../model/standing";
import styles from "../reading-room.module.css";

const WIDTH = 300;
const HEIGHT = 28;

interface ScoreHistogramProps {
  scores: DevelopmentScores;
  score: number;
  cutOff: number | null;
}

/** Where the score of this case stands among those of the model's development. */
export function ScoreHistogram({ scores, score, cutOff }: ScoreHistogramProps) {
  const edges = scores.bin_edges;
  const low = Math.min(edges[0] ?? 0, score, cutOff ?? score);
  const high = Math.max(edges[edges.length - 1] ?? 1, score, cutOff ?? score);
  const across = (value: number) => (WIDTH * (value - low)) / (high - low);
  const widthOf = (bin: number) => (edges[bin + 1] ?? 0) - (edges[bin] ?? 0);
  // Bins need not be equally wide: the area of a bar tells its cases.
  const densities = scores.counts.map((count, bin) => count / widthOf(bin));
  const most = Math.max(...densities);
  const standing = standingOf(score, scores);
  const text = standingText(standing, scores.source);
  return (
    <figure className={styles.histogram}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`The score among those of its development. ${text}.`}
      >
        {densities.map((density, bin) => {
          const from = across(edges[bin] ?? 0);
          const height = (HEIGHT * density) / most;
          return (
            <rect
              key={edges[bin]}
              x={from + 0.5}
              y={HEIGHT - height}
              width={Math.max(across(edges[bin + 1] ?? 0) - from - 1, 0.5)}
              height={height}
              data-own={bin === standing.bin || undefined}
            />
          );
        })}
        {cutOff !== null && <line x1={across(cutOff)} x2={across(cutOff)} y1={0} y2={HEIGHT} data-cut-off />}
        <line x1={across(score)} x2={across(score)} y1={0} y2={HEIGHT} data-score />
      </svg>
      <figcaption>
        {text}
        {scores.is_demonstration && " (demonstration)"}
      </figcaption>
    </figure>
  );
}
