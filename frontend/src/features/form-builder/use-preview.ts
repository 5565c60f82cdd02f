import { useState } from "react";
import { type CheckedForm, checkForm } from "../../shared/forms/check";
import { computedValues } from "../../shared/forms/computed";
import { type Drawing, markAnswer, maskAnswer, type Segment, segmentAnswer } from "../../shared/forms/drawn";
import { previewSchema } from "../../shared/forms/preview-schema";
import { type Answer, type Answers, type Form, isByVoxels } from "../../shared/forms/types";
import { type Examples, fitting, NO_EXAMPLES, withExample } from "./model/examples";

export interface PreviewState {
  answers: Answers;
  /** Questions that are answered by drawing, tried out on examples. */
  drawing: Drawing;
  checked: CheckedForm;
  /** Whether the form is shown as after a submission that was refused. */
  isSubmitted: boolean;
  setAnswer: (key: string, value: Answer) => void;
  submit: () => void;
  clear: () => void;
}

/** Answers that are tried out on a form. Nothing of them is kept. */
export function usePreview(form: Form): PreviewState {
  const [entered, setEntered] = useState<Answers>({});
  const [examples, setExamples] = useState<Examples>(NO_EXAMPLES);
  const [isSubmitted, setSubmitted] = useState(false);
  const drawn = fitting(examples, form.questions);
  const answers = { ...entered, ...drawnAnswers(form, drawn) };
  return {
    answers,
    drawing: drawingOf(form, drawn, setExamples),
    checked: checkForm(form, previewSchema(form), answers, {
      isComplete: isSubmitted,
      computed: computedValues(form, drawn),
    }),
    isSubmitted,
    setAnswer: (key, value) => setEntered((before) => ({ ...before, [key]: value })),
    submit: () => setSubmitted(true),
    clear: () => {
      setEntered({});
      setExamples(NO_EXAMPLES);
      setSubmitted(false);
    },
  };
}

function drawnAnswers(form: Form, drawn: Examples): Answers {
  const answers = form.questions.flatMap((question): [string, Answer][] => {
    const { key, kind } = question;
    if (kind === "mark") return [[key, markAnswer(drawn, key)]];
    if (kind !== "mask") return [];
    return [[key, isByVoxels(question) ? segmentAnswer(drawn, key) : maskAnswer(drawn, key)]];
  });
  return Object.fromEntries(answers);
}

/** What stands in for the viewer: instead of a tool, each button draws an example at once. */
function drawingOf(form: Form, drawn: Examples, set: (examples: Examples) => void): Drawing {
  const setSegments = (segments: Examples["segments"]) => set({ ...drawn, segments });
  const add = (key: string) => {
    const question = form.questions.find((one) => one.key === key);
    if (question) set(withExample(drawn, question));
  };
  const change = (id: string, changed: (segment: Segment) => Segment) =>
    setSegments(drawn.segments.map((one) => (one.painted?.id === id ? changed(one) : one)));
  const nothing = () => {};
  return {
    drawn,
    armed: null,
    onArm: add,
    onRemove: (uuid) =>
      set({
        ...drawn,
        marks: drawn.marks.filter((one) => one.uuid !== uuid),
        contours: drawn.contours.filter((one) => one.uuid !== uuid),
      }),
    onRate: (uuid, rating) =>
      set({ ...drawn, marks: drawn.marks.map((one) => (one.uuid === uuid ? { ...one, rating } : one)) }),
    onShow: nothing,
    segments: {
      onChoose: nothing,
      onToggleVisible: (id) =>
        change(id, ({ painted, ...one }) => ({
          ...one,
          painted: painted && { ...painted, isVisible: !painted.isVisible },
        })),
      onDone: nothing,
      onNewSegment: add,
      onName: (id, words) => change(id, (one) => ({ ...one, ...words })),
      onRemoveSegment: (id) => setSegments(drawn.segments.filter((one) => one.painted?.id !== id)),
    },
  };
}
