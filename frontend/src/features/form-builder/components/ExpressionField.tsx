import { Textarea } from "@mantine/core";
import { ExpressionError } from "../../../shared/forms/expression";
import type { ExpressionType } from "../../../shared/forms/expression-types";
import { evaluate, type Value } from "../../../shared/forms/expression-value";
import { read } from "../../../shared/forms/parsed";
import { expressionProblem } from "../../../shared/forms/question-types";
import type { Answers, Form, Question } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import { useProblem } from "./field-problems";

interface ExpressionFieldProps {
  part: "show_if" | "required_if" | "expr";
  label: string;
  form: Form;
  question: Question;
  text: string;
  wanted: ExpressionType;
  values: Answers;
  onChange: (text: string) => void;
}

/** An expression with what is wrong in it, or what it gives for the answers in the preview. */
export function ExpressionField(props: ExpressionFieldProps) {
  const { part, label, form, question, text, wanted, values, onChange } = props;
  const problem = expressionProblem(form, question, text, wanted);
  const found = useProblem(part);
  const expression = read(text);
  const now = expression instanceof ExpressionError ? null : evaluate(expression, values);
  return (
    <div>
      <Textarea
        label={label}
        size="xs"
        autosize
        minRows={1}
        maxRows={6}
        spellCheck={false}
        classNames={{ input: styles.code }}
        error={problem !== null || found !== undefined}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <p className={problem || found ? styles.problemLine : styles.now} role="status">
        {problem
          ? `Column ${problem.column}: ${problem.message}`
          : (found ?? `With the answers in the preview: ${inWords(now)}`)}
      </p>
    </div>
  );
}

function inWords(value: Value): string {
  if (value === null) return "not known";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
