import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Chunk } from "../../model/chunk";
import { ChunkView } from "./ChunkView";

function Drawn({ name }: { name: string }) {
  return <p>Curve of {name}</p>;
}

function Throws(): never {
  throw new Error("no such series");
}

function page(chunk: Chunk<{ name: string }>) {
  window.matchMedia ??= (media) =>
    ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  render(
    <MantineProvider env="test">
      <ChunkView chunk={chunk} props={{ name: "Reader 1" }} height={300} />
      <table>
        <caption>Areas</caption>
      </table>
    </MantineProvider>,
  );
}

describe("a chart in a chunk of its own", () => {
  // React tells of every error that a boundary takes.
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
  });

  it("says that it did not load, leaves the tables, and loads when it is tried again", async () => {
    let tries = 0;
    const chunk = new Chunk<{ name: string }>(async () => {
      tries += 1;
      if (tries < 3) throw new TypeError("Failed to fetch dynamically imported module");
      return { default: Drawn };
    });
    page(chunk);
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("This figure could not be loaded. The tables hold its numbers.");
    expect(alert.style.minHeight).toBe("300px");
    expect(screen.getByText("Areas")).toBeTruthy();
    fireEvent.click(screen.getByText("Retry"));
    await vi.waitFor(() => expect(tries).toBe(2));
    fireEvent.click(await screen.findByText("Retry"));
    expect(await screen.findByText("Curve of Reader 1")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(tries).toBe(3);
  });

  it("takes what a drawing throws", async () => {
    page(new Chunk(async () => ({ default: Throws })));
    expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded");
    expect(screen.getByText("Areas")).toBeTruthy();
  });
});
