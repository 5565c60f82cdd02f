import { Tooltip } from "@mantine/core";
import { NavLink } from "react-router";
import type { ReportContent } from "../api/report-content";
import { sentence } from "../model/format";
import { FIXED_PAGES, type NavEntry, SUMMARY, sectionEntries } from "../model/sections";
import type { ResultsSource } from "../model/source";

interface NavProps {
  source: ResultsSource;
  report: ReportContent | undefined;
  /** What of the address names the run. */
  search: string;
}

function Entry({ entry, source, search }: { entry: NavEntry } & Omit<NavProps, "report">) {
  const link = (
    <NavLink
      to={{ pathname: `${source.pages}${entry.path === "" ? "" : `/${entry.path}`}`, search }}
      end={entry.path === ""}
      className={entry.reason === null ? "rr-results-link" : "rr-results-link rr-results-off"}
    >
      {entry.label}
      {entry.reason !== null && <span className="rr-visually-hidden">, does not apply</span>}
    </NavLink>
  );
  return (
    <li>
      {entry.reason === null ? (
        link
      ) : (
        <Tooltip label={sentence(entry.reason)} maw={320} position="right">
          {link}
        </Tooltip>
      )}
    </li>
  );
}

/** Every page of the results; what does not apply to the study is gray and says why. */
export function ResultsNav({ source, report, search }: NavProps) {
  return (
    <nav className="rr-results-nav" aria-label="Results">
      <ul>
        <Entry entry={SUMMARY} source={source} search={search} />
      </ul>
      <p className="rr-results-group">Analyses</p>
      <ul>
        {sectionEntries(report).map((entry) => (
          <Entry key={entry.path} entry={entry} source={source} search={search} />
        ))}
      </ul>
      <p className="rr-results-group">To publish</p>
      <ul>
        {FIXED_PAGES.map((page) => (
          <Entry key={page.path} entry={{ ...page, reason: null }} source={source} search={search} />
        ))}
      </ul>
    </nav>
  );
}
