/** A reading design as a picture of 96 by 44: rows are readers, columns sessions; fills are arms. */
type Fill = "a" | "b" | "ab" | "none";

const PICTURES: Readonly<Record<string, readonly (readonly Fill[])[]>> = {
  fixed_order: [
    ["a", "b"],
    ["a", "b"],
  ],
  crossover: [
    ["a", "b"],
    ["b", "a"],
  ],
  sequential: [["ab"], ["ab"]],
  single_arm: [["a"], ["a"]],
  reread: [
    ["a", "none", "a"],
    ["a", "none", "a"],
  ],
  fully_crossed: [
    ["a", "b", "none", "b", "a"],
    ["b", "a", "none", "a", "b"],
  ],
  split_plot_readers: [["a"], ["b"]],
  split_plot_cases: [
    ["a", "none", "none", "b", "none"],
    ["none", "a", "none", "none", "b"],
  ],
  anchor_blocks: [
    ["a", "a", "none", "none"],
    ["a", "none", "a", "none"],
    ["a", "none", "none", "a"],
  ],
};

const WIDTH = 96;
const HEIGHT = 44;
const GAP = 4;

export function PatternDiagram({ pattern }: { pattern: string }) {
  const rows = PICTURES[pattern] ?? [["a"]];
  const height = (HEIGHT - GAP * (rows.length - 1)) / rows.length;
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      focusable="false"
    >
      {rows.map((row, line) => {
        const width = (WIDTH - GAP * (row.length - 1)) / row.length;
        return row.map((fill, column) => (
          <Cell
            // biome-ignore lint/suspicious/noArrayIndexKey: the picture never changes
            key={`${line}/${column}`}
            fill={fill}
            x={column * (width + GAP)}
            y={line * (height + GAP)}
            width={width}
            height={height}
          />
        ));
      })}
    </svg>
  );
}

interface CellProps {
  fill: Fill;
  x: number;
  y: number;
  width: number;
  height: number;
}

function Cell({ fill, x, y, width, height }: CellProps) {
  if (fill === "none") return null;
  if (fill === "ab") {
    return (
      <>
        <rect className="rr-arm-0" x={x} y={y} width={width / 2} height={height} rx={2} />
        <rect className="rr-arm-1" x={x + width / 2} y={y} width={width / 2} height={height} rx={2} />
        <path className="rr-diagram-step" d={`M ${x + width / 2} ${y} v ${height}`} />
      </>
    );
  }
  return (
    <rect
      className={fill === "a" ? "rr-arm-0" : "rr-arm-1"}
      x={x}
      y={y}
      width={width}
      height={height}
      rx={2}
    />
  );
}
