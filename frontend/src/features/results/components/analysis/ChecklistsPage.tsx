import { Title } from "@mantine/core";
import { useSearchParams } from "react-router";
import type { Checklist, ChecklistItem, ReportContent, ReportTable } from "../../api/report-content";
import { countsOf, STATUS_TEXT } from "../../model/checklists";
import { DataTable } from "./DataTable";

function tableOf(list: Checklist): ReportTable {
  return {
    key: `checklist-${list.key}`,
    caption: list.name,
    header: ["Item", "Section", "What is asked for", "State", "What this study says", "Where"],
    rows: list.items.map((item: ChecklistItem) => [
      item.number,
      item.section,
      item.content,
      STATUS_TEXT[item.status],
      item.text,
      item.where,
    ]),
    row_headers: 1,
    notes: [list.citation],
  };
}

/** The reporting checklists, one at a time, filled as far as the study's records go. */
export function ChecklistsPage({ report }: { report: ReportContent }) {
  const [search, setSearch] = useSearchParams();
  const lists = report.checklists;
  const open = lists.find((list) => list.key === search.get("list")) ?? lists[0];

  function choose(list: Checklist) {
    const next = new URLSearchParams(search);
    next.set("list", list.key);
    setSearch(next, { replace: true });
  }

  return (
    <article className="rr-section-page" aria-labelledby="section-title">
      <Title order={2} id="section-title">
        Reporting checklists
      </Title>
      <p className="rr-paragraph">
        Filled from what the study has on record. What it cannot know is left to the authors.
      </p>
      <fieldset className="rr-facet">
        <legend>Checklist</legend>
        {lists.map((list) => {
          const counts = countsOf(list.items);
          return (
            <button
              key={list.key}
              type="button"
              className="rr-chip"
              aria-pressed={list === open}
              onClick={() => choose(list)}
            >
              {list.name}{" "}
              <span className="rr-kind">
                {counts.filled} of {list.items.length} filled
              </span>
            </button>
          );
        })}
      </fieldset>
      {open !== undefined && (
        <>
          <dl className="rr-counts">
            {Object.entries(countsOf(open.items)).map(([status, count]) => (
              <div key={status}>
                <dt>{STATUS_TEXT[status as ChecklistItem["status"]]}</dt>
                <dd>{count}</dd>
              </div>
            ))}
          </dl>
          <div className="rr-checklist">
            <DataTable key={open.key} table={tableOf(open)} />
          </div>
        </>
      )}
    </article>
  );
}
