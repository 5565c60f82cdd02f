import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { DrawnFieldProps, Segment, SegmentActions } from "../drawn";
import { renderThemed } from "../testing";
import { VoxelMaskField } from "./VoxelMaskField";

const question = {
  key: "nodes",
  kind: "mask" as const,
  label: "Lymph nodes",
  help: "",
  required: true,
  drawn_by: "voxels" as const,
  cut_off_mm: 7,
  labels: [
    { key: "left", label: "left obturator" },
    { key: "right", label: "right obturator" },
  ],
  statuses: [
    { key: "positive", label: "positive" },
    { key: "negative", label: "negative" },
  ],
};
const segment = (id: string, changes: Partial<Segment> = {}, isBorderline = false): Segment => ({
  question: "nodes",
  label: null,
  status: null,
  slices: [4, 5, 6],
  short_axis_mm: 7.21,
  long_axis_mm: 10.2,
  volume_ml: 0.341,
  painted: { id, series: 0, frame: 5, color: "#56b4e9", isActive: false, isVisible: true, isBorderline },
  ...changes,
});

function show(segments: Segment[], problem?: string) {
  const actions: SegmentActions = {
    onChoose: vi.fn(),
    onName: vi.fn(),
    onToggleVisible: vi.fn(),
    onRemoveSegment: vi.fn(),
    onNewSegment: vi.fn(),
    onDone: vi.fn(),
  };
  const drawing: DrawnFieldProps = {
    drawn: { marks: [], contours: [], segments },
    isArmed: true,
    onArm: vi.fn(),
    onRemove: vi.fn(),
    onRate: vi.fn(),
    onShow: vi.fn(),
    segments: actions,
  };
  renderThemed(
    <VoxelMaskField question={question} problem={problem} isRequired isDisabled={false} drawing={drawing} />,
  );
  return actions;
}

afterEach(cleanup);

describe("VoxelMaskField", () => {
  it("tells of every segment in words", () => {
    show([
      segment("0/1", { label: "left", status: "positive" }, true),
      segment("0/2", { short_axis_mm: null, long_axis_mm: null, volume_ml: null, slices: [9] }),
      segment("0/3", { question: "another" }),
    ]);
    const rows = within(screen.getByRole("list", { name: "Segments: Lymph nodes" })).getAllByRole("listitem");
    expect(rows).toHaveLength(2);
    const words = "Segment 1, left obturator, positive: 10.2 × 7.2 mm, 0.34 ml, borderline, slices 4 to 6";
    expect(screen.getByRole("button", { name: words })).toBeTruthy();
    const small = "Segment 2, not named yet: too small for a diameter, slice 9";
    expect(screen.getByRole("button", { name: small })).toBeTruthy();
    expect(screen.getAllByText(/^Borderline/)).toHaveLength(1);
  });

  it("names, shows, hides and deletes each by itself, and Enter goes back to the images", () => {
    const one = segment("0/1");
    const actions = show([one, segment("0/2")]);
    const label = screen.getByLabelText("Label of Segment 1");
    fireEvent.change(label, { target: { value: "right" } });
    expect(actions.onName).toHaveBeenLastCalledWith("0/1", { label: "right" });
    fireEvent.change(screen.getByLabelText("Status of Segment 2"), { target: { value: "negative" } });
    expect(actions.onName).toHaveBeenLastCalledWith("0/2", { status: "negative" });
    fireEvent.keyDown(label, { key: "Enter" });
    expect(actions.onDone).toHaveBeenCalledOnce();
    fireEvent.click(screen.getByRole("button", { name: "Show Segment 2" }));
    expect(actions.onToggleVisible).toHaveBeenCalledWith("0/2");
    fireEvent.click(screen.getByRole("button", { name: "Delete Segment 2" }));
    expect(actions.onRemoveSegment).toHaveBeenCalledWith("0/2");
    fireEvent.click(screen.getByRole("button", { name: /^Segment 1,/ }));
    expect(actions.onChoose).toHaveBeenCalledWith(one);
  });

  it("marks open words only once they were asked for", () => {
    show([segment("0/1")], "Please choose a label for each segment.");
    expect(screen.getByLabelText("Label of Segment 1").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("Please choose a label for each segment.")).toBeTruthy();
  });
});
