import type { ReportTable } from "../api/report-content";

type Tabular = Pick<ReportTable, "header" | "rows">;

/** A cell that a spreadsheet would take for a formula gets a leading apostrophe; a plain number does not. */
function inert(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
}

function oneLine(cell: string): string {
  return cell.split(/\s+/).join(" ").trim();
}

/** Header and rows, cells apart by a tab: what a spreadsheet takes as a table. */
export function tableTsv({ header, rows }: Tabular): string {
  return [header, ...rows].map((row) => row.map((cell) => inert(oneLine(cell))).join("\t")).join("\n");
}

function csvCell(cell: string): string {
  const text = inert(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function tableCsv({ header, rows }: Tabular): string {
  return [header, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "<br>");
}

/** What a word processor takes as a table: caption, table, notes. */
export function tableHtml(table: ReportTable): string {
  const aligned = numericColumns(table);
  const align = (column: number) => (aligned[column] ? ' align="right"' : ' align="left"');
  const head = table.header.map((cell, column) => `<th${align(column)}>${escaped(cell)}</th>`).join("");
  const body = table.rows
    .map((row) => {
      const cells = row.map((cell, column) => {
        const tag = column < table.row_headers ? "th" : "td";
        return `<${tag}${align(column)}>${escaped(cell)}</${tag}>`;
      });
      return `<tr>${cells.join("")}</tr>`;
    })
    .join("");
  const notes = table.notes.map((note) => `<p>${escaped(note)}</p>`).join("");
  return (
    `<p><b>${escaped(table.caption)}</b></p><table border="1" cellspacing="0" cellpadding="4">` +
    `<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${notes}`
  );
}

const STARTS_AS_NUMBER = /^[<>≥≤=]?\s*[−+-]?\.?\d/;
const SENTENCE = 60;
/** A dash, or a median that is not reached, with its limits. */
const NO_VALUE = /^(?:[–—-]?|NR(?: \(.*)?)$/;

/** Which columns hold numbers: what is not empty begins with a digit, in most of the rows, and none is a sentence. */
export function numericColumns({ header, rows, row_headers }: ReportTable): boolean[] {
  return header.map((_, column) => {
    if (column < row_headers) return false;
    const cells = rows.map((row) => (row[column] ?? "").trim()).filter((cell) => !NO_VALUE.test(cell));
    if (cells.some((cell) => cell.length >= SENTENCE)) return false;
    const numbers = cells.filter((cell) => STARTS_AS_NUMBER.test(cell) && cell.length < 40);
    return cells.length > 0 && numbers.length * 2 > cells.length;
  });
}
