import { useElementSize } from "@mantine/hooks";
import type { DesignSummary } from "../api/protocol";
import type { Design } from "../model/document";
import { titleOf } from "../model/document";
import { count, plural } from "../model/text";
import { type Lane, timelineOf } from "../model/timeline";

const LANE = 46;
const NARROW_LANE = 64;
const BAR = 30;
const LABEL = 176;
const NARROW_TOP = 22;

interface TimelineProps {
  summary: DesignSummary;
  design: Design;
  /** Without the names of group and sequence beside the lanes. */
  isNarrow?: boolean;
}

/** The sessions and waits of every group and sequence, the earliest way they can go. */
export function Timeline({ summary, design, isNarrow = false }: TimelineProps) {
  const { ref, width } = useElementSize();
  const timeline = timelineOf(summary);
  const label = isNarrow ? 0 : LABEL;
  const inner = Math.max(0, width - label);
  const lane = isNarrow ? NARROW_LANE : LANE;
  return (
    <div ref={ref} className="rr-timeline">
      <svg
        width="100%"
        height={timeline.lanes.length * lane}
        role="img"
        aria-label={`Timeline of ${plural(timeline.lanes.length, "line")}, ${plural(timeline.days, "day")} at the earliest`}
      >
        {width > 0 &&
          timeline.lanes.map((one, index) => (
            <g key={one.key} transform={`translate(0 ${index * lane})`}>
              <LaneLabel lane={one} design={design} isNarrow={isNarrow} />
              <g transform={`translate(${label} ${isNarrow ? NARROW_TOP : (LANE - BAR) / 2})`}>
                <LaneBars lane={one} design={design} width={inner} />
              </g>
            </g>
          ))}
      </svg>
      <ArmLegend design={design} />
    </div>
  );
}

/** Only what tells the lanes apart: a lone group or sequence needs no naming beside the other. */
function laneName(lane: Lane, design: Design): string {
  const group = titleOf(design.reader_groups, lane.group);
  const sequence = titleOf(design.sequences, lane.sequence);
  if (design.sequences.length === 1) return group;
  return design.reader_groups.length === 1 ? sequence : `${group} · ${sequence}`;
}

function LaneLabel({ lane, design, isNarrow }: { lane: Lane; design: Design; isNarrow: boolean }) {
  const name = laneName(lane, design);
  const readers = plural(lane.readers, "reader");
  if (isNarrow) {
    return (
      <text className="rr-timeline-dim" x={0} y={14}>
        {clip(name, 30)} · {readers}
        <title>{name}</title>
      </text>
    );
  }
  return (
    <>
      <text className="rr-timeline-name" x={0} y={20}>
        {clip(name, 25)}
        <title>{name}</title>
      </text>
      <text className="rr-timeline-dim" x={0} y={36}>
        {readers}
      </text>
    </>
  );
}

function LaneBars({ lane, design, width }: { lane: Lane; design: Design; width: number }) {
  return (
    <>
      {lane.gaps.map((gap) => (
        <g key={`gap ${gap.from}`}>
          <path
            className="rr-timeline-wait"
            d={`M ${gap.from * width + 4} ${BAR / 2} H ${gap.to * width - 4}`}
          />
          <text
            className="rr-timeline-dim"
            x={((gap.from + gap.to) / 2) * width}
            y={BAR / 2 - 6}
            textAnchor="middle"
          >
            {(gap.to - gap.from) * width > 52 ? plural(gap.days, "day") : ""}
          </text>
        </g>
      ))}
      {lane.bars.map((bar) => {
        const from = bar.from * width;
        const barWidth = Math.max(2, (bar.to - bar.from) * width);
        return (
          <g key={bar.ordinal} transform={`translate(${from} 0)`}>
            {bar.arms.length === 0 ? (
              <rect className="rr-arm-training" width={barWidth} height={BAR} rx={3} />
            ) : (
              bar.arms.map((arm, index) => (
                <rect
                  key={arm}
                  className={armClass(design, arm)}
                  x={(barWidth * index) / bar.arms.length}
                  width={barWidth / bar.arms.length}
                  height={BAR}
                  rx={3}
                />
              ))
            )}
            <text
              className={bar.arms.length === 0 ? "rr-timeline-dim" : "rr-timeline-bar"}
              x={barWidth / 2}
              y={BAR / 2 + 4}
              textAnchor="middle"
            >
              {barWidth > 34 ? count(bar.reads) : ""}
            </text>
            <title>{`${bar.title}: ${plural(bar.reads, "read")}`}</title>
          </g>
        );
      })}
    </>
  );
}

export function armClass(design: Design, arm: string): string {
  const index = design.arms.findIndex((one) => one.key === arm);
  return `rr-arm-${Math.min(Math.max(index, 0), 3)}`;
}

function ArmLegend({ design }: { design: Design }) {
  return (
    <ul className="rr-legend">
      {design.arms.map((arm) => (
        <li key={arm.key}>
          <span className={`rr-arm-swatch ${armClass(design, arm.key)}`} />
          {arm.title || arm.key}
        </li>
      ))}
    </ul>
  );
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
