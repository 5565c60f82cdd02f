import type { FlowItem, FlowReason } from "./flow-schema";

export interface Box {
  head: string;
  body: string[];
  reasons: readonly FlowReason[];
  headLines: string[];
  bodyLines: string[];
  /** Of its middle, in pixels. */
  x: number;
  /** Of its upper edge. */
  y: number;
  width: number;
  height: number;
}

export interface FlowLayout {
  boxes: Box[];
  lines: [number, number][][];
  /** Where an arrow ends, and how far its head is turned from upward. */
  arrows: { x: number; y: number; turn: number }[];
  height: number;
}

const LINE = 16;
const PAD = 8;
const GAP = 26;
const BETWEEN = 14;
const EDGE = 2;
const LEAST = 150;
/** Room at the left for the line to further rows. */
const TRUNK = 20;
/** Width of a letter of the page's type at 12 px; bold ones are wider. */
const LETTER = 6.4;
const BOLD = 7;
const DOWN = 180;
const LEFT = 90;
const RIGHT = -90;

type Words = Pick<Box, "head" | "body" | "reasons">;

/** Words in lines of so many letters; a word that is longer is cut. */
export function wrapped(text: string, letters: number): string[] {
  const most = Math.max(4, Math.floor(letters));
  const lines: string[] = [];
  for (const word of text.split(" ").flatMap((one) => one.match(new RegExp(`.{1,${most}}`, "gu")) ?? [])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function boxOf(words: Words, x: number, y: number, width: number): Box {
  const headLines = wrapped(words.head, (width - 2 * PAD) / BOLD);
  const bodyLines = words.body.flatMap((line) => wrapped(line, (width - 2 * PAD) / LETTER));
  return {
    ...words,
    headLines,
    bodyLines,
    x,
    y,
    width,
    height: LINE * (headLines.length + bodyLines.length) + 2 * PAD,
  };
}

function reasonLines(reasons: readonly FlowReason[]): string[] {
  return reasons.map(({ text, n }) => `${text}: ${n}`);
}

function sumOf(reasons: readonly FlowReason[]): number {
  return reasons.reduce((sum, { n }) => sum + n, 0);
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function excluded(what: string, reasons: readonly FlowReason[]): Words {
  return { head: `${what} excluded: ${sumOf(reasons)}`, body: reasonLines(reasons), reasons };
}

/** Cases, and readers where there are any. */
export function includedText(flow: FlowItem): string {
  const readers = flow.readers_enrolled === 0 ? "" : `, ${counted(flow.readers_included, "reader")}`;
  return `Included: ${counted(flow.cases_included, "case")}${readers}`;
}

function includedWords(flow: FlowItem): Words {
  const named = flow.positive_class === "positive" ? "" : ` (${flow.positive_class})`;
  const without = flow.without_truth === 0 ? "" : `; no reference standard: ${flow.without_truth}`;
  const unread = flow.cases_not_read.length === 0 ? [] : [`Cases with a read: ${flow.cases_read}`];
  return {
    head: includedText(flow),
    body: [
      `Positive${named}: ${flow.positive}; negative: ${flow.negative}${without}`,
      ...flow.cohorts.map((cohort) => cohortLine(cohort, flow.groups.length > 0)),
      ...unread,
      ...reasonLines(flow.cases_not_read),
    ],
    reasons: flow.cases_not_read,
  };
}

/** A cohort's cases in the words of the printed diagram. */
export function cohortLine(cohort: FlowItem["cohorts"][number], isRead: boolean): string {
  const without = cohort.without_truth === 0 ? "" : `, ${cohort.without_truth} without a reference standard`;
  const read = isRead ? `; read: ${cohort.read}` : "";
  return `${cohort.label}: ${cohort.cases} (${cohort.positive} positive${without})${read}`;
}

/** The two boxes of one branch below what was included: what was read or scored, and what of it is analyzed. */
interface Branch {
  read: Words;
  analyzed: Words;
}

function branchesOf(flow: FlowItem): Branch[] {
  return [
    ...flow.groups.map((group) => ({
      read: readWords(group),
      analyzed: analyzedWords("Reads", group.analyzed, group.not_analyzed),
    })),
    ...flow.raters.map((rater) => ({
      read: {
        head: raterName(rater),
        body: [`Cases with a score: ${rater.scored} of ${rater.cases}`],
        reasons: [],
      },
      analyzed: analyzedWords("Cases", rater.analyzed, rater.not_analyzed),
    })),
  ];
}

/** What kind of rater it is, and its name. */
export function raterName({ kind, label }: FlowItem["raters"][number]): string {
  return `${kind === "model" ? "Model" : "Consensus reading"} ${label}`;
}

function readWords(group: FlowItem["groups"][number]): Words {
  const planned = group.planned;
  return {
    head: `${group.arm}, session ${group.session}`,
    body: [
      `${counted(group.readers, "reader")}, ${counted(group.cases, "case")}`,
      ...(planned === null ? [] : [`Reads planned: ${planned}`]),
      `Reads made: ${group.read}`,
      ...(planned === null ? [] : [`Not made: ${planned - group.read}`, ...reasonLines(group.not_read)]),
    ],
    reasons: group.not_read,
  };
}

function analyzedWords(what: string, analyzed: number, lost: readonly FlowReason[]): Words {
  return {
    head: `${what} analyzed: ${analyzed}`,
    body: [`Not analyzed: ${sumOf(lost)}`, ...reasonLines(lost)],
    reasons: lost,
  };
}

/** Where every box stands in a figure of this width. */
export function flowLayout(flow: FlowItem, width: number): FlowLayout {
  const made: FlowLayout = { boxes: [], lines: [], arrows: [], height: 0 };
  const included = intake(made, flow, width);
  made.height = included.y + included.height;
  const branches = branchesOf(flow);
  const columns = Math.max(
    1,
    Math.min(4, branches.length, Math.floor((width + BETWEEN) / (LEAST + BETWEEN))),
  );
  const trunk = branches.length > columns ? TRUNK : 0;
  const own = Math.min(230, (width - trunk - 2 * EDGE - BETWEEN * (columns - 1)) / columns);
  let above: [number, number] = [width / 2, made.height];
  for (let first = 0; first < branches.length; first += columns) {
    const row = { center: (width + trunk) / 2, own, trunk: trunk / 2 };
    above = rowOfBranches(made, branches.slice(first, first + columns), { ...row, above });
  }
  made.height += EDGE;
  return made;
}

/** Cases at the left and readers, where there are any, at the right, and below them what was included. */
function intake(made: FlowLayout, flow: FlowItem, width: number): Box {
  const own = (width - 2 * EDGE - 3 * BETWEEN) / 4;
  const middle = (column: number) => EDGE + own / 2 + column * (own + BETWEEN);
  const sides = [
    { what: "Cases", enrolled: flow.cases_enrolled, left: flow.cases_excluded, columns: [1, 0] as const },
    {
      what: "Readers",
      enrolled: flow.readers_enrolled,
      left: flow.readers_excluded,
      columns: [2, 3] as const,
    },
  ].filter(({ what, enrolled }) => what === "Cases" || enrolled > 0);
  const heads = sides.map(({ what, enrolled, columns }) =>
    boxOf({ head: `${what} enrolled: ${enrolled}`, body: [], reasons: [] }, middle(columns[0]), EDGE, own),
  );
  const below = EDGE + Math.max(...heads.map((box) => box.height)) + GAP / 2;
  const lost = sides.map(({ what, left, columns }) =>
    boxOf(excluded(what, left), middle(columns[1]), below, own),
  );
  const start = below + Math.max(...lost.map((box) => box.height)) + GAP / 2;
  const included = boxOf(
    includedWords(flow),
    width / 2,
    start,
    Math.min(width - 2 * EDGE, 2 * own + BETWEEN),
  );
  for (const [index, box] of heads.entries()) {
    const beside = lost[index];
    if (beside === undefined) continue;
    const isLeft = index === 0;
    const at = beside.y + beside.height / 2;
    const edge = beside.x + (isLeft ? 1 : -1) * (beside.width / 2);
    arrow(made, [box.x, box.y + box.height], [box.x, start], DOWN);
    arrow(made, [box.x, at], [edge, at], isLeft ? LEFT : RIGHT);
    made.boxes.push(box, beside);
  }
  made.boxes.push(included);
  return included;
}

interface RowPlace {
  center: number;
  own: number;
  /** Where the line to the next row goes down, at the left of all boxes. */
  trunk: number;
  /** Where the line to this row begins. */
  above: [number, number];
}

/** What was read, and below it what was analyzed, beside each other; tells where the line to a next row begins. */
function rowOfBranches(made: FlowLayout, branches: readonly Branch[], place: RowPlace): [number, number] {
  const { center, own, trunk, above } = place;
  const middle = (index: number) => center + (index - (branches.length - 1) / 2) * (own + BETWEEN);
  const bus = made.height + GAP / 2;
  const top = bus + GAP / 2;
  const read = branches.map((branch, index) => boxOf(branch.read, middle(index), top, own));
  const below = top + Math.max(...read.map((box) => box.height)) + GAP;
  const analyzed = branches.map((branch, index) => boxOf(branch.analyzed, middle(index), below, own));
  const ends = [above[0], middle(0), middle(branches.length - 1), ...(trunk > 0 ? [trunk] : [])];
  made.lines.push([above, [above[0], bus]]);
  made.lines.push([
    [Math.min(...ends), bus],
    [Math.max(...ends), bus],
  ]);
  for (const box of read) {
    arrow(made, [box.x, bus], [box.x, top], DOWN);
    arrow(made, [box.x, top + box.height], [box.x, below], DOWN);
  }
  made.boxes.push(...read, ...analyzed);
  made.height = below + Math.max(...analyzed.map((box) => box.height));
  return [trunk, bus];
}

function arrow(made: FlowLayout, from: [number, number], to: [number, number], turn: number): void {
  made.lines.push([from, to]);
  const [x, y] = to;
  const back = 4;
  made.arrows.push({
    x: turn === LEFT ? x + back : turn === RIGHT ? x - back : x,
    y: turn === DOWN ? y - back : y,
    turn,
  });
}
