import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type CSSProperties, Fragment, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { ReportTable } from "../../api/report-content";
import { fileName, saveFile } from "../../model/save";
import { numericColumns, tableCsv, tableHtml, tableTsv } from "../../model/table-copy";
import { TableFrame } from "./TableFrame";

const COPIED_MS = 2_500;
/** More rows than this are shown when they are asked for. */
const MANY_ROWS = 60;
/** A table with more rows may end below the edge of its frame, where not every system shows a scrollbar. */
const LONG = 12;
/** A column none of whose cells has more characters stays on one line. */
const SHORT = 16;

/** As a table for word processors, and as text for everything else. */
export async function copyTable(table: ReportTable): Promise<void> {
  const text = tableTsv(table);
  if (typeof ClipboardItem === "undefined") {
    await navigator.clipboard.writeText(text);
    return;
  }
  await navigator.clipboard.write([
    new ClipboardItem({
      "text/html": new Blob([tableHtml(table)], { type: "text/html" }),
      "text/plain": new Blob([text], { type: "text/plain" }),
    }),
  ]);
}

function CopyButton({ table }: { table: ReportTable }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  async function copy() {
    try {
      await copyTable(table);
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("idle"), COPIED_MS);
  }
  const Icon = state === "copied" ? IconCheck : IconCopy;
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<Icon size={13} stroke={1.75} aria-hidden />}
        aria-label={`Copy ${table.caption}`}
        onClick={() => void copy()}
      >
        {state === "copied" ? "Copied" : "Copy"}
      </Button>
      <span role="status" className={state === "failed" ? "rr-copy-failed" : "rr-visually-hidden"}>
        {state === "copied" && "Copied."}
        {state === "failed" && "The browser did not allow it; take the CSV."}
      </span>
    </>
  );
}

/** Where each of the columns that name the row stands while the rest is scrolled. */
function useStickyLefts(count: number, table: ReportTable) {
  const ref = useRef<HTMLTableElement>(null);
  const [lefts, setLefts] = useState<number[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another table has other widths.
  useLayoutEffect(() => {
    const cells = [...(ref.current?.tHead?.rows[0]?.cells ?? [])].slice(0, count);
    let left = 0;
    setLefts(
      cells.map((cell) => {
        const own = left;
        left += cell.offsetWidth;
        return own;
      }),
    );
  }, [count, table]);
  return { ref, lefts };
}

/** Whether the table is wider than its frame, where not every system shows a scrollbar. */
function useIsWide(ref: RefObject<HTMLTableElement | null>): boolean {
  const [isWide, setIsWide] = useState(false);
  useLayoutEffect(() => {
    const table = ref.current;
    const frame = table?.parentElement;
    if (!table || !frame || typeof ResizeObserver === "undefined") return;
    const measure = () => setIsWide(frame.scrollWidth > frame.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frame);
    observer.observe(table);
    return () => observer.disconnect();
  }, [ref]);
  return isWide;
}

/** A line may end after a slash, so that no long word reaches into the next column. */
function HeaderName({ name }: { name: string }) {
  return name.split("/").map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts never move.
    <Fragment key={index}>
      {index > 0 && (
        <>
          /<wbr />
        </>
      )}
      {part}
    </Fragment>
  ));
}

/** A table of the report: its numbers aligned, its row names in view, to be copied or saved. */
export function DataTable({ table }: { table: ReportTable }) {
  const [isWhole, setIsWhole] = useState(table.rows.length <= MANY_ROWS);
  const numeric = numericColumns(table);
  const isShort = table.header.map((_, column) =>
    table.rows.every((row) => (row[column] ?? "").length <= SHORT),
  );
  const { ref, lefts } = useStickyLefts(table.row_headers, table);
  const isWide = useIsWide(ref);
  const rows = isWhole ? table.rows : table.rows.slice(0, MANY_ROWS);
  const captionId = `caption-${table.key}`;
  const look = (column: number) => {
    const isName = column < table.row_headers;
    return {
      className: [
        numeric[column] ? "rr-cell-num" : "",
        isShort[column] ? "rr-cell-short" : "",
        isName ? "rr-sticky" : "",
      ]
        .filter(Boolean)
        .join(" "),
      style: (isName ? { left: lefts[column] ?? 0 } : undefined) as CSSProperties | undefined,
    };
  };
  return (
    <div className="rr-data-table" id={table.key}>
      <div className="rr-data-head">
        <p id={captionId} className="rr-data-caption">
          {table.caption}
        </p>
        <div className="rr-figure-tools">
          {table.rows.length > LONG && <span className="rr-row-count">{table.rows.length} rows</span>}
          {isWide && <span className="rr-row-count">{table.header.length} columns, scroll sideways</span>}
          <CopyButton table={table} />
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`CSV of ${table.caption}`}
            onClick={() => saveFile(`${fileName(table.key)}.csv`, tableCsv(table), "text/csv")}
          >
            CSV
          </Button>
        </div>
      </div>
      <TableFrame labelledBy={captionId}>
        <table
          ref={ref}
          aria-labelledby={captionId}
          className={numeric.some(Boolean) ? undefined : "rr-all-text"}
        >
          <thead>
            <tr>
              {table.header.map((name, column) =>
                name === "" ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never move.
                  <td key={column} {...look(column)} />
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never move.
                  <th key={column} scope="col" {...look(column)}>
                    <HeaderName name={name} />
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows never move.
              <tr key={index}>
                {row.map((cell, column) =>
                  column < table.row_headers && cell !== "" ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns never move.
                    <th key={column} scope="row" {...look(column)}>
                      {cell}
                    </th>
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns never move.
                    <td key={column} {...look(column)}>
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {!isWhole && (
        <Button variant="subtle" size="compact-sm" onClick={() => setIsWhole(true)} className="rr-data-more">
          Show all {table.rows.length} rows
        </Button>
      )}
      {table.notes.map((note) => (
        <p key={note} className="rr-figure-note">
          {note}
        </p>
      ))}
    </div>
  );
}
