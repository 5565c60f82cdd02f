import { Checkbox, Textarea, TextInput } from "@mantine/core";
import { type Ref, useEffect, useRef } from "react";
import type { Answers, Form, Question } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import { changeQuestion, rekey, relabel } from "../model/edit";
import { type FormProblem, partOf, partsWithField } from "../model/problems";
import { ConditionField } from "./ConditionField";
import { FieldProblems, useProblem } from "./field-problems";
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

  useEffect(() => {
    label.current?.focus({ preventScroll: true });
    label.current?.scrollIntoView?.({ block: "nearest" });
  }, []);

  const withField = partsWithField(question);
  const others = problems.filter((one) => !withField.has(partOf(one)));
  return (
    <FieldProblems value={problems}>
      <fieldset className={styles.editor} disabled={readOnly} aria-label={`Question ${place + 1}`}>
        {others.map((one) => (
          <p key={one.path + one.text} className={styles.problem} role="alert">
            {one.text}
          </p>
        ))}
        <TextFields form={form} place={place} label={label} onChange={onChange} />
        <KindFields form={form} question={question} values={values} onChange={change} />
        <SectionFields question={question} onChange={change} />
        <ConditionField
          part="show_if"
          title="Shown"
          form={form}
          question={question}
          text={question.show_if}
          values={values}
          otherwise="always"
          onChange={(show_if) => change({ show_if })}
        />
        {question.kind !== "derived" && !question.required && (
          <ConditionField
            part="required_if"
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
    </FieldProblems>
  );
}

interface TextFieldsProps extends Pick<QuestionEditorProps, "form" | "place" | "onChange"> {
  /** The field of the label, where the keyboard begins. */
  label: Ref<HTMLInputElement>;
}

/** What the reader is asked, and what the answer is called in expressions and exports. */
function TextFields({ form, place, label, onChange }: TextFieldsProps) {
  const question = form.questions[place] as Question;
  return (
    <>
      <div className={styles.pair}>
        <TextInput
          ref={label}
          label="Label"
          size="xs"
          value={question.label ?? ""}
          error={useProblem("label")}
          onChange={(event) => onChange(relabel(form, place, event.currentTarget.value))}
        />
        <TextInput
          label="Key"
          size="xs"
          classNames={{ input: styles.code }}
          value={question.key}
          error={useProblem("key")}
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
        error={useProblem("help")}
        onChange={(event) => onChange(changeQuestion(form, place, { help: event.currentTarget.value }))}
      />
    </>
  );
}

/** The heading that the question stands under, and whether it must be answered. */
function SectionFields({ question, onChange }: { question: Question; onChange: ChangeParts }) {
  const written = (value: string) => (value.trim() === "" ? undefined : value);
  const problem = useProblem("required");
  return (
    <div className={styles.pair}>
      <TextInput
        label="Section"
        size="xs"
        placeholder="None"
        value={question.section ?? ""}
        error={useProblem("section")}
        onChange={(event) => onChange({ section: written(event.currentTarget.value) })}
      />
      {question.kind !== "derived" && (
        <Checkbox
          className={styles.besideInput}
          size="xs"
          label="Required"
          checked={question.required ?? false}
          error={problem}
          onChange={(event) => onChange({ required: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}
