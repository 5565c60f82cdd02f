import { useState } from "react";
import { type CheckedForm, checkForm } from "../../shared/forms/check";
import { previewSchema } from "../../shared/forms/preview-schema";
import type { Answer, Answers, Form } from "../../shared/forms/types";

export interface PreviewState {
  answers: Answers;
  checked: CheckedForm;
  /** Whether the form is shown as after a submission that was refused. */
  isSubmitted: boolean;
  setAnswer: (key: string, value: Answer) => void;
  submit: () => void;
  clear: () => void;
}

/** Answers that are tried out on a form. Nothing of them is kept. */
export function usePreview(form: Form): PreviewState {
  const [answers, setAnswers] = useState<Answers>({});
  const [isSubmitted, setSubmitted] = useState(false);
  return {
    answers,
    checked: checkForm(form, previewSchema(form), answers, { isComplete: isSubmitted }),
    isSubmitted,
    setAnswer: (key, value) => setAnswers((before) => ({ ...before, [key]: value })),
    submit: () => setSubmitted(true),
    clear: () => {
      setAnswers({});
      setSubmitted(false);
    },
  };
}
