import { Button, NumberInput, Skeleton, Text, TextInput } from "@mantine/core";
import { Link } from "react-router";
import { placeOf } from "../../../shared/lib/protocol-parts";
import type { DesignSummary } from "../api/protocol";
import type { Design } from "../model/document";
import {
  blockingProblems,
  count,
  daysBetween,
  duration,
  hoursPerReader,
  plural,
  readsPerReader,
} from "../model/text";
import type { Designer } from "../use-designer";
import { ProblemMark } from "./Problems";
import { Timeline } from "./Timeline";

const SHOWN_PROBLEMS = 5;

/** What the design asks for, beside every section of it. */
export function SidePanel({ designer }: { designer: Designer }) {
  const { answer } = designer;
  return (
    <aside className="rr-design-side" aria-label="What this design asks for">
      {answer === undefined ? (
        <Skeleton h={360} animate={false} />
      ) : answer.summary === null ? (
        <Text size="sm" c="dimmed">
          The design does not hold together yet, so there is nothing to add up.
        </Text>
      ) : (
        <Numbers designer={designer} summary={answer.summary} design={answer.design} />
      )}
      {!designer.isReadOnly && <ProblemList designer={designer} />}
    </aside>
  );
}

interface NumbersProps {
  designer: Designer;
  summary: DesignSummary;
  design: Design;
}

function Numbers({ designer, summary, design }: NumbersProps) {
  const hasSteps = design.sessions.some((session) => session.plan.some((row) => row.arms.length > 1));
  return (
    <>
      <dl className={designer.isAnswerOld ? "rr-sums rr-sums-old" : "rr-sums"} data-testid="design-sums">
        <Sum label="Reads per reader" value={readsPerReader(summary)} />
        <Sum label="Reads in all" value={count(summary.reads)} />
        <Sum label="Time per reader" value={hoursPerReader(summary)} />
        <Sum label="Time in all" value={duration(summary.minutes)} />
        <Sum
          label="Earliest end"
          value={summary.last_day}
          note={plural(daysBetween(summary.first_day, summary.last_day), "day")}
        />
        <Sum
          label="Readers"
          value={count(summary.readers)}
          note={summary.are_readers_assumed ? "assumed" : undefined}
        />
        <Sum
          label="Cases"
          value={count(summary.cases)}
          note={summary.are_cases_assumed ? "assumed" : undefined}
        />
      </dl>
      {summary.cells.length <= 4 && <Timeline summary={summary} design={design} isNarrow />}
      <div className="rr-design-pace">
        <NumberInput
          size="xs"
          label="Minutes a case"
          min={0.5}
          max={240}
          step={0.5}
          value={designer.pace.minutes}
          onChange={(value) =>
            typeof value === "number" &&
            value >= 0.1 &&
            value <= 480 &&
            designer.setPace({ ...designer.pace, minutes: value })
          }
        />
        {hasSteps && (
          <NumberInput
            size="xs"
            label="More a later step"
            min={0}
            max={240}
            step={0.5}
            value={designer.pace.later_step_minutes}
            onChange={(value) =>
              typeof value === "number" &&
              value >= 0 &&
              value <= 480 &&
              designer.setPace({ ...designer.pace, later_step_minutes: value })
            }
          />
        )}
        <TextInput
          size="xs"
          type="date"
          label="First day"
          value={designer.start}
          onChange={(event) =>
            event.currentTarget.value !== "" && designer.setStart(event.currentTarget.value)
          }
        />
      </div>
    </>
  );
}

function Sum({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div className="rr-sum">
      <dt>{label}</dt>
      <dd>
        {value}
        {note !== undefined && <span className="rr-sum-note">{note}</span>}
      </dd>
    </div>
  );
}

function ProblemList({ designer }: { designer: Designer }) {
  const { problems, slug } = designer;
  const blocking = blockingProblems(problems).length;
  const rest = problems.length - SHOWN_PROBLEMS;
  return (
    <div className="rr-design-side-problems">
      <Text size="sm" fw={550} role="status">
        {blocking === 0
          ? "Nothing stands in the way of the freeze"
          : `${plural(blocking, "problem")} to mend before the freeze`}
      </Text>
      <ul className="rr-problems">
        {problems.slice(0, SHOWN_PROBLEMS).map((problem) => (
          <li key={`${problem.path}/${problem.text}`}>
            <ProblemMark isBlocking={problem.is_blocking} />
            <Link to={placeOf(slug, problem.path).to} className="rr-problem-link">
              {problem.text}
            </Link>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Link to={`/desk/${slug}/design/summary`} className="rr-problem-more">
          {rest} more
        </Link>
      )}
      {blocking === 0 && designer.save.kind === "saved" && (
        <Button component={Link} to={`/desk/${slug}/freeze`} variant="default" fullWidth mt="sm">
          Go to the freeze
        </Button>
      )}
    </div>
  );
}
