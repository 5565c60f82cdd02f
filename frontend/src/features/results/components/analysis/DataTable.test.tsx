import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { ReportTable } from "../../api/report-content";
import { DataTable } from "./DataTable";

function show(rows: number) {
  window.matchMedia ??= (media) =>
    ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  const table: ReportTable = {
    key: "areas",
    caption: "Areas",
    header: ["", "AUC"],
    rows: Array.from({ length: rows }, (_, row) => [`Reader ${row + 1}`, "0.8"]),
    row_headers: 1,
    notes: [],
  };
  render(
    <MantineProvider env="test">
      <DataTable table={table} />
    </MantineProvider>,
  );
}

describe("a table of the report", () => {
  afterEach(cleanup);

  it("tells how many rows it has where its frame may not show them all", () => {
    show(18);
    expect(screen.getByText("18 rows")).toBeTruthy();
    expect(screen.getAllByRole("row")).toHaveLength(19);
  });

  it("does not count the rows of a short one", () => {
    show(12);
    expect(screen.queryByText("12 rows")).toBeNull();
  });
});
