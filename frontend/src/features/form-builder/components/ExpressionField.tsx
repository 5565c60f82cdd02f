import { Textarea } from "@mantine/core";
import { ExpressionError } from "../../../shared/forms/expression";
import type { ExpressionType } from "../../../shared/forms/expression-types";
import { evaluate, type Value } from "../../../shared/forms/expression-value";
import { read } from "../../../shared/forms/parsed";
import { expressionProblem } from "../../../shared/forms/question-types";
import type { Answers, Form, Question } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";

interface ExpressionFieldProps {
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
  const { label, form, question, text, wanted, values, onChange } = props;
  const problem = expressionProblem(form, question, text, wanted);
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
        error={problem !== null}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <p className={problem ? styles.problemLine : styles.now} role="status">
        {problem
          ? `Column ${problem.column}: ${problem.message}`
          : `With the answers in the preview: ${inWords(now)}`}
      </p>
    </div>
  );
}

function inWords(value: Value): string {
  if (value === null) return "not known";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
