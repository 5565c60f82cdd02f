import { describe, expect, it } from "vitest";
import type { Contour, Mark, Segment } from "../../../shared/forms/drawn";
import { measurementOf } from "../testing/lpln";
import { drawingTargets, drawnAnswers, keptLabelmaps, storedDrawings } from "./drawings";
import { bindMeasurements, bindOnly, measuredAnswers } from "./measured";

const measurement = (key: string, axis: string, of: string) => ({
  key,
  kind: "measurement",
  label: key,
  axis,
  of,
  step: 0.1,
});
const form = {
  questions: [
    measurement("left_short", "short", "Left node"),
    measurement("left_long", "long", "Left node"),
    measurement("right_short", "short", "Right node"),
    measurement("right_long", "long", "Right node"),
    { key: "deposits", kind: "mark", label: "Deposits", max_marks: 3 },
    { key: "tumor", kind: "mask", label: "Tumor", role: "T2W" },
    { key: "certainty", kind: "probability", label: "Certainty" },
  ],
};
const place = (question: string) => ({
  question,
  series: 0,
  frame: 4,
  sop_uid: "2.25.4",
  frame_of_reference_uid: "2.25.9",
});
const mark: Mark = { ...place("deposits"), uuid: "m", point_mm: [1, 2, 3], rating: 4 };
const contour: Contour = {
  ...place("tumor"),
  uuid: "c",
  points_mm: [
    [0, 0, 3],
    [5, 0, 3],
    [5, 5, 3],
  ],
  area_mm2: 12.5,
  slice_step_mm: 4,
};
const drawnFor = (uuid: string, question: string | null) => ({
  ...measurementOf(uuid, 12, 8),
  drawnFor: question,
});
const questions = (measurements: readonly { uuid: string; question: string | null }[]) =>
  Object.fromEntries(measurements.map(({ uuid, question }) => [uuid, question]));

describe("drawingTargets", () => {
  it("are the pairs of axes, the marks and the masks", () => {
    expect(drawingTargets(form)).toEqual([
      { question: "left_short", label: "Left node", tool: "bidirectional", role: null, most: null },
      { question: "right_short", label: "Right node", tool: "bidirectional", role: null, most: null },
      { question: "deposits", label: "Deposits", tool: "mark", role: null, most: 3 },
      { question: "tumor", label: "Tumor", tool: "outline", role: "T2W", most: null },
    ]);
  });
});

describe("drawings in a draft", () => {
  it("come back as they were kept", () => {
    const answers = drawnAnswers(form, {}, { marks: [mark], contours: [contour] });
    const stored = storedDrawings(form, { answers, measurements: [] });
    expect(stored.marks).toEqual([
      {
        uuid: "m",
        question: "deposits",
        sop_uid: "2.25.4",
        frame_of_reference_uid: "2.25.9",
        point_mm: [1, 2, 3],
        rating: 4,
      },
    ]);
    expect(stored.contours).toEqual([
      {
        question: "tumor",
        sop_uid: "2.25.4",
        frame_of_reference_uid: "2.25.9",
        points_mm: contour.points_mm,
      },
    ]);
  });

  it("empty their answer when the last one goes, and leave an answer of nothing alone", () => {
    const none = { marks: [], contours: [] };
    const before = drawnAnswers(form, {}, { marks: [mark], contours: [contour] });
    expect(drawnAnswers(form, before, none)).toEqual({ deposits: null, tumor: null });
    expect(drawnAnswers(form, { tumor: { contours: [] } }, none)).toEqual({});
  });
});

describe("pairs of axes", () => {
  it("are filled by the measurement drawn for them", () => {
    const right = bindMeasurements(form, [], [drawnFor("a", "right_short")]);
    expect(questions(right)).toEqual({ a: "right_short" });
    expect(measuredAnswers(form, [], right)).toEqual({ right_short: 8, right_long: 12 });
    const both = bindMeasurements(form, right, [drawnFor("a", "right_short"), drawnFor("b", "left_long")]);
    expect(questions(both)).toEqual({ a: "right_short", b: "left_short" });
    const again = bindMeasurements(form, both, [...both, drawnFor("c", "right_short")]);
    expect(questions(again)).toEqual({ a: null, b: "left_short", c: "right_short" });
  });

  it("are filled in their order when nobody said which", () => {
    const one = bindMeasurements(form, [], [drawnFor("a", null)]);
    const two = bindMeasurements(form, one, [...one, drawnFor("b", null)]);
    const three = bindMeasurements(form, two, [...two, drawnFor("c", null)]);
    expect(questions(three)).toEqual({ a: "left_short", b: "right_short", c: null });
  });

  it("are left alone while they are not asked", () => {
    const asked = new Set(["right_short", "right_long"]);
    const one = bindMeasurements(form, [], [drawnFor("a", null)], asked);
    expect(questions(one)).toEqual({ a: "right_short" });
    expect(questions(bindMeasurements(form, [], [drawnFor("a", null)], new Set()))).toEqual({ a: null });
  });

  it("are emptied when theirs goes, and pass none on", () => {
    const two = bindMeasurements(form, [], [drawnFor("a", "left_short"), drawnFor("b", "right_short")]);
    const left = bindMeasurements(
      form,
      two,
      two.filter(({ uuid }) => uuid === "b"),
    );
    expect(questions(left)).toEqual({ b: "right_short" });
    expect(measuredAnswers(form, two, left)).toEqual({
      left_short: null,
      left_long: null,
      right_short: 8,
      right_long: 12,
    });
  });

  it("can be given another measurement, without touching the other pair", () => {
    const two = bindMeasurements(form, [], [drawnFor("a", "left_short"), drawnFor("b", "right_short")]);
    expect(questions(bindOnly(form, two, "b", "left_short"))).toEqual({ a: null, b: "left_short" });
    expect(questions(bindOnly(form, two, null, "right_short"))).toEqual({ a: "left_short", b: null });
  });
});

describe("a mask that is painted by voxels", () => {
  const nodes = {
    key: "nodes",
    kind: "mask",
    label: "Nodes",
    drawn_by: "voxels",
    role: "T2W",
    cut_off_mm: 7,
  };
  const painted = { questions: [nodes] };
  const segment: Segment = {
    question: "nodes",
    label: "left",
    status: null,
    slices: [3, 4],
    short_axis_mm: 6.2,
    long_axis_mm: 9,
    volume_ml: 0.4,
  };
  const labelmap = {
    series: 0,
    segments: [
      {
        value: 1,
        question: "nodes",
        label: "left",
        status: null,
        origin: [{ tool: "brush", version: "brush-1", seed_ijk: null, parameters: { radius_mm: 3 } }],
        edited_voxels: 12,
      },
    ],
    shape: [5, 12, 9],
    data: "H4sI",
  };

  it("is a target of its own kind, with its cut-off", () => {
    expect(drawingTargets(painted)).toEqual([
      { question: "nodes", label: "Nodes", tool: "paint", role: "T2W", most: null, cutOffMm: 7 },
    ]);
  });

  it("is answered by the words of its segments, and emptied when none is left", () => {
    const nothing = { marks: [], contours: [] };
    const answer = { segments: [{ label: "left", status: null }] };
    expect(drawnAnswers(painted, {}, { ...nothing, segments: [segment] })).toEqual({ nodes: answer });
    expect(drawnAnswers(painted, { nodes: answer }, { ...nothing, segments: [] })).toEqual({ nodes: null });
    expect(drawnAnswers(painted, {}, { ...nothing, segments: [] })).toEqual({});
  });

  it("keeps its answer while what was painted has not been read yet", () => {
    const answer = { segments: [{ label: "left", status: null }] };
    expect(drawnAnswers(painted, { nodes: answer }, { marks: [], contours: [] })).toEqual({});
  });

  it("goes into the draft and comes back from it as it is", () => {
    const kept = keptLabelmaps([labelmap]);
    expect(kept).toEqual([labelmap]);
    const stored = storedDrawings(painted, { answers: {}, measurements: [], labelmaps: kept });
    expect(stored.labelmaps).toEqual([labelmap]);
  });
});
