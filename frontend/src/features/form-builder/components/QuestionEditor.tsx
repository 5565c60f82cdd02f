import { Checkbox, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Answers, Form, Question } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import { changeQuestion, rekey, relabel } from "../model/edit";
import type { FormProblem } from "../model/problems";
import { ConditionField } from "./ConditionField";
import { KindFields } from "./KindFields";

interface QuestionEditorProps {
  form: Form;
  place: number;
  problems: readonly FormProblem[];
  /** Values in the preview, which expressions are shown with. */
  values: Answers;
  readOnly: boolean;
  onChange: (form: Form) => void;
}

export type ChangeParts = (parts: Partial<Record<string, unknown>>) => void;

/** What a question asks, how, and when. */
export function QuestionEditor({ form, place, problems, values, readOnly, onChange }: QuestionEditorProps) {
  const question = form.questions[place] as Question;
  const label = useRef<HTMLInputElement>(null);
  const change: ChangeParts = (parts) => onChange(changeQuestion(form, place, parts));
  const text = (value: string) => (value.trim() === "" ? undefined : value);
  const isAsked = question.kind !== "derived";

  useEffect(() => {
    label.current?.focus({ preventScroll: true });
    label.current?.scrollIntoView?.({ block: "nearest" });
  }, []);

  return (
    <fieldset className={styles.editor} disabled={readOnly} aria-label={`Question ${place + 1}`}>
      {problems.map((one) => (
        <p key={one.path + one.text} className={styles.problem} role="alert">
          {one.text}
        </p>
      ))}
      <div className={styles.pair}>
        <TextInput
          ref={label}
          label="Label"
          size="xs"
          value={question.label ?? ""}
          onChange={(event) => onChange(relabel(form, place, event.currentTarget.value))}
        />
        <TextInput
          label="Key"
          size="xs"
          classNames={{ input: styles.code }}
          value={question.key}
          onChange={(event) => onChange(rekey(form, place, event.currentTarget.value))}
        />
      </div>
      <Textarea
        label="Help for the reader"
        size="xs"
        rows={1}
        autosize
        maxRows={4}
        value={question.help ?? ""}
        onChange={(event) => change({ help: event.currentTarget.value })}
      />
      <KindFields form={form} question={question} values={values} onChange={change} />
      <div className={styles.pair}>
        <TextInput
          label="Section"
          size="xs"
          placeholder="None"
          value={question.section ?? ""}
          onChange={(event) => change({ section: text(event.currentTarget.value) })}
        />
        {isAsked && (
          <Checkbox
            className={styles.besideInput}
            size="xs"
            label="Required"
            checked={question.required ?? false}
            onChange={(event) => change({ required: event.currentTarget.checked })}
          />
        )}
      </div>
      <ConditionField
        title="Shown"
        form={form}
        question={question}
        text={question.show_if}
        values={values}
        otherwise="always"
        onChange={(show_if) => change({ show_if })}
      />
      {isAsked && !question.required && (
        <ConditionField
          title="Required"
          form={form}
          question={question}
          text={question.required_if}
          values={values}
          otherwise="never"
          onChange={(required_if) => change({ required_if })}
        />
      )}
    </fieldset>
  );
}
