import { Skeleton, Table, Text } from "@mantine/core";
import { Link } from "react-router";
import { placeOf } from "../../../shared/lib/protocol-parts";
import type { DesignSummary } from "../api/protocol";
import { type Design, titleOf } from "../model/document";
import { count, daysBetween, duration, plural } from "../model/text";
import type { Designer } from "../use-designer";
import { Part } from "./Part";
import { ProblemMark } from "./Problems";
import { Timeline } from "./Timeline";

export function SummarySection({ designer }: { designer: Designer }) {
  const summary = designer.answer?.summary;
  if (designer.answer === undefined) return <Skeleton h={420} animate={false} />;
  const design = designer.answer.design;
  return (
    <>
      {!designer.isReadOnly && <ProblemsPart designer={designer} />}
      {summary !== null && summary !== undefined && (
        <>
          <Part
            title="Timeline"
            help={`Earliest end: ${summary.last_day}, after ${plural(daysBetween(summary.first_day, summary.last_day), "day")}.`}
          >
            <Timeline summary={summary} design={design} />
          </Part>
          <LoadPart summary={summary} design={design} />
          <div className="rr-design-pair">
            <PeriodsPart summary={summary} design={design} />
            <CoveragePart summary={summary} design={design} />
          </div>
          <MixPart summary={summary} design={design} />
          <Part title="What this rests on">
            <ul className="rr-assumptions">
              {[...summary.assumptions, summary.power_note].map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </Part>
        </>
      )}
    </>
  );
}

function ProblemsPart({ designer }: { designer: Designer }) {
  return (
    <Part title="Problems and advice">
      {designer.problems.length === 0 ? (
        <Text size="sm">Nothing is wrong with this protocol.</Text>
      ) : (
        <ul className="rr-problems">
          {designer.problems.map((problem) => (
            <li key={`${problem.path}/${problem.text}`}>
              <ProblemMark isBlocking={problem.is_blocking} />
              <Link to={placeOf(designer.slug, problem.path).to} className="rr-problem-link">
                {problem.text}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

interface TableProps {
  summary: DesignSummary;
  design: Design;
}

function LoadPart({ summary, design }: TableProps) {
  return (
    <Part title="Work of a reader" help="Each reader of a row has this work. Reads count every commit.">
      <div className="rr-table-frame">
        <Table verticalSpacing="xs" horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Group, sequence</Table.Th>
              <Table.Th scope="col" className="rr-num">
                Readers
              </Table.Th>
              <Table.Th scope="col">Session</Table.Th>
              <Table.Th scope="col" className="rr-num">
                Cases
              </Table.Th>
              <Table.Th scope="col" className="rr-num">
                Reads
              </Table.Th>
              <Table.Th scope="col" className="rr-num">
                Time
              </Table.Th>
              <Table.Th scope="col" className="rr-num">
                Sittings
              </Table.Th>
              <Table.Th scope="col">Earliest</Table.Th>
            </Table.Tr>
          </Table.Thead>
          {summary.cells.map((cell) => (
            <Table.Tbody key={`${cell.group}/${cell.sequence}`}>
              {cell.sessions.map((session, index) => (
                <Table.Tr key={session.ordinal}>
                  {index === 0 && (
                    <>
                      <Table.Th scope="rowgroup" rowSpan={cell.sessions.length} className="rr-wrap">
                        {titleOf(design.reader_groups, cell.group)}
                        <Text size="xs" c="dimmed">
                          {titleOf(design.sequences, cell.sequence)}
                        </Text>
                      </Table.Th>
                      <Table.Td rowSpan={cell.sessions.length} className="rr-num">
                        {cell.readers}
                      </Table.Td>
                    </>
                  )}
                  <Table.Td>
                    {session.title}
                    <Text size="xs" c="dimmed">
                      {Object.keys(session.reads_by_arm)
                        .map((arm) => titleOf(design.arms, arm))
                        .join(", ")}
                    </Text>
                  </Table.Td>
                  <Table.Td className="rr-num">
                    {count(session.cases)}
                    {session.repeats > 0 && ` + ${session.repeats}`}
                  </Table.Td>
                  <Table.Td className="rr-num">{count(session.reads)}</Table.Td>
                  <Table.Td className="rr-num">{duration(session.minutes)}</Table.Td>
                  <Table.Td className="rr-num">{session.sittings}</Table.Td>
                  <Table.Td className="rr-tabular rr-nowrap">
                    {session.first_day === session.last_day
                      ? session.first_day
                      : `${session.first_day} – ${session.last_day}`}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          ))}
        </Table>
      </div>
    </Part>
  );
}

function PeriodsPart({ summary, design }: TableProps) {
  const periods = [...new Set(summary.periods.map((row) => row.period))];
  const rows = summary.periods.map((row) => ({ key: `${row.sequence}/${row.arm}`, ...row }));
  const keys = [...new Set(rows.map((row) => row.key))];
  const hasSequences = design.sequences.length > 1;
  return (
    <Part title="Balance of arms" help="Reads of all readers by sequence, arm and period.">
      <div className="rr-table-frame">
        <Table verticalSpacing="xs" horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              {hasSequences && <Table.Th scope="col">Sequence</Table.Th>}
              <Table.Th scope="col">Arm</Table.Th>
              {periods.map((period) => (
                <Table.Th key={period} scope="col" className="rr-num">
                  Period {period}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => {
              const own = rows.filter((row) => row.key === key);
              const first = own[0];
              if (first === undefined) return null;
              return (
                <Table.Tr key={key}>
                  {hasSequences && <Table.Td>{titleOf(design.sequences, first.sequence)}</Table.Td>}
                  <Table.Td>{titleOf(design.arms, first.arm)}</Table.Td>
                  {periods.map((period) => (
                    <Table.Td key={period} className="rr-num">
                      {count(own.find((row) => row.period === period)?.reads ?? 0)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
    </Part>
  );
}

function CoveragePart({ summary, design }: TableProps) {
  return (
    <Part title="Readers per case" help="How many different readers read a case in each arm.">
      <div className="rr-table-frame">
        <Table verticalSpacing="xs" horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Arm</Table.Th>
              <Table.Th scope="col" className="rr-num">
                Fewest
              </Table.Th>
              <Table.Th scope="col" className="rr-num">
                Most
              </Table.Th>
              <Table.Th scope="col" className="rr-num">
                Cases not read
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {summary.coverage.map((row) => (
              <Table.Tr key={row.arm}>
                <Table.Td>{titleOf(design.arms, row.arm)}</Table.Td>
                <Table.Td className="rr-num">{row.fewest}</Table.Td>
                <Table.Td className="rr-num">{row.most}</Table.Td>
                <Table.Td className="rr-num">{count(row.unread_cases)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Part>
  );
}

function MixPart({ summary, design }: TableProps) {
  const centers = [...new Set(summary.case_sets.flatMap((set) => Object.keys(set.by_center)))].sort();
  const cohorts = [...new Set(summary.case_sets.flatMap((set) => Object.keys(set.by_cohort)))]
    .filter((cohort) => cohort !== "")
    .sort();
  if (summary.are_cases_assumed) return null;
  return (
    <Part
      title="Case sets"
      help="Cases by center and cohort. A set that is drawn at the freeze shows what to expect."
    >
      <div className="rr-table-frame">
        <Table verticalSpacing="xs" horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Case set</Table.Th>
              <Table.Th scope="col" className="rr-num">
                Cases
              </Table.Th>
              {[...centers, ...cohorts].map((name) => (
                <Table.Th key={name} scope="col" className="rr-num">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {summary.case_sets.map((set) => (
              <Table.Tr key={set.case_set}>
                <Table.Td>
                  {titleOf(design.case_sets, set.case_set)}
                  {set.is_expected && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      drawn
                    </Text>
                  )}
                </Table.Td>
                <Table.Td className="rr-num">{count(set.cases)}</Table.Td>
                {centers.map((name) => (
                  <Table.Td key={name} className="rr-num">
                    {set.is_expected ? "≈ " : ""}
                    {count(set.by_center[name] ?? 0)}
                  </Table.Td>
                ))}
                {cohorts.map((name) => (
                  <Table.Td key={name} className="rr-num">
                    {set.is_expected ? "≈ " : ""}
                    {count(set.by_cohort[name] ?? 0)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Part>
  );
}
