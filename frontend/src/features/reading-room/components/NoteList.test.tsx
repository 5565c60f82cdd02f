import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Annotation } from "../api/read";
import { renderInApp } from "../testing/render";
import { NoteList } from "./NoteList";

const note = (uuid: string, frame: number, text: string): Annotation => ({
  uuid,
  tool: "text",
  series: 0,
  frame,
  points_mm: [[0, 0, 0]],
  text,
  values: {},
});

describe("NoteList", () => {
  afterEach(cleanup);

  it("names the note that each button writes", () => {
    const onWrite = vi.fn();
    renderInApp(
      <NoteList
        annotations={[note("a", 3, "edge"), note("b", 4, "vessel")]}
        differences={[]}
        isDisabled={false}
        onShow={() => {}}
        onWrite={onWrite}
        onRemove={() => {}}
      />,
    );
    fireEvent.click(screen.getByRole("button", { name: "Write Note vessel, slice 4" }));
    expect(onWrite).toHaveBeenCalledExactlyOnceWith("b");
  });
});
