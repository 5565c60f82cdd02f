import { Button } from "@mantine/core";
import { useRef } from "react";
import { requiredProgress } from "../../../shared/forms/check";
import { ErrorSummary, focusQuestion } from "../../../shared/forms/components/ErrorSummary";
import { FormFields } from "../../../shared/forms/components/FormFields";
import type { Form } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import type { PreviewState } from "../use-preview";

/** The form as readers see it, to try answers on. */
export function Preview({ form, preview }: { form: Form; preview: PreviewState }) {
  const panel = useRef<HTMLElement>(null);
  const { answers, drawing, checked, isSubmitted, setAnswer, submit, clear } = preview;
  const isDrawnOn = form.questions.some(({ kind }) => kind === "mark" || kind === "mask");
  const { done, total } = requiredProgress(checked);
  const problems = isSubmitted ? checked.problems : {};
  const isComplete = isSubmitted && Object.keys(problems).length === 0;
  return (
    <aside ref={panel} className={styles.preview} aria-label="Preview">
      <header className={styles.previewHead}>
        <h2>Preview</h2>
        <span className={styles.dim}>
          {isComplete ? "Could be submitted" : `${done} of ${total} answered`}
        </span>
      </header>
      <div className={styles.previewBody}>
        {isDrawnOn && (
          <p className={styles.now}>
            There are no images here: Mark, Draw and Paint add an example instead, with made-up sizes.
          </p>
        )}
        <FormFields
          form={form}
          answers={answers}
          state={checked.state}
          problems={isSubmitted ? problems : checked.problems}
          isDisabled={false}
          onAnswer={setAnswer}
          drawing={drawing}
        />
      </div>
      <footer className={styles.previewFoot}>
        <ErrorSummary form={form} problems={problems} onGoTo={(key) => focusQuestion(panel.current, key)} />
        <Button size="xs" h={32} variant="default" onClick={clear}>
          Clear answers
        </Button>
        <Button size="xs" h={32} variant="default" onClick={submit}>
          Check answers
        </Button>
      </footer>
    </aside>
  );
}
