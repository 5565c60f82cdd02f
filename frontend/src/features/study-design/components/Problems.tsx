import { IconAlertTriangle, IconBulb } from "@tabler/icons-react";
import type { Problem } from "../api/protocol";

interface ProblemsProps {
  problems: readonly Problem[];
  /** Only problems whose path begins with one of these. */
  at: readonly string[];
  /** Of those, not the ones for which this holds: they are shown elsewhere. */
  except?: (problem: Problem) => boolean;
}

export function ProblemMark({ isBlocking }: { isBlocking: boolean }) {
  const Icon = isBlocking ? IconAlertTriangle : IconBulb;
  return (
    <span className={isBlocking ? "rr-problem-mark rr-problem-blocking" : "rr-problem-mark"}>
      <Icon size={15} stroke={1.75} aria-hidden />
      <span className="rr-visually-hidden">{isBlocking ? "Must be mended: " : "Advice: "}</span>
    </span>
  );
}

/** What is wrong with this part of the protocol, in the server's sentences. */
export function Problems({ problems, at, except }: ProblemsProps) {
  const own = problems.filter(
    (problem) => at.some((path) => problem.path.startsWith(path)) && !except?.(problem),
  );
  if (own.length === 0) return null;
  return (
    <ul className="rr-problems">
      {own.map((problem) => (
        <li key={`${problem.path}/${problem.text}`}>
          <ProblemMark isBlocking={problem.is_blocking} />
          <span>{problem.text}</span>
        </li>
      ))}
    </ul>
  );
}
