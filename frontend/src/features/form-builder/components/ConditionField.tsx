import { NativeSelect, NumberInput, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Answers, Form, Question } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import {
  type Condition,
  changeCondition,
  firstCondition,
  needsValue,
  OPERATOR_WORDS,
  type Operator,
  operatorsFor,
  readCondition,
  writeCondition,
} from "../model/condition";
import { ExpressionField } from "./ExpressionField";
import { PartProblems } from "./field-problems";

interface ConditionFieldProps {
  part: "show_if" | "required_if";
  /** "Shown" or "Required". */
  title: string;
  form: Form;
  question: Question;
  text: string | undefined;
  values: Answers;
  /** The word for no condition. */
  otherwise: "always" | "never";
  onChange: (text: string | undefined) => void;
}

type Mode = "none" | "when" | "expression";

/** When a question is shown or required: always or never, when another answer is such, or by an expression. */
export function ConditionField(props: ConditionFieldProps) {
  const { part, title, form, question, text, values, otherwise, onChange } = props;
  const others = form.questions.filter((one) => one.key !== question.key && operatorsFor(one).length > 0);
  const condition = text === undefined ? null : readCondition(text);
  const isSimple = condition !== null && others.some(({ key }) => key === condition.key);
  const [isFree, setFree] = useState(text !== undefined && !isSimple);
  const mode: Mode = text === undefined ? "none" : isFree || !isSimple ? "expression" : "when";
  const choose = (next: Mode) => {
    setFree(next === "expression");
    if (next === "none") onChange(undefined);
    else if (next === "when" && !isSimple && others[0]) onChange(writeCondition(firstCondition(others[0])));
    else if (text === undefined) onChange("");
  };
  const hasOthers = others.length > 0;
  return (
    <fieldset className={styles.condition} aria-label={title}>
      <div className={styles.conditionHead}>
        <span className={styles.inputLabel}>{title}</span>
        <SegmentedControl
          size="xs"
          aria-label={title}
          value={mode}
          onChange={(value) => choose(value as Mode)}
          data={[
            { value: "none", label: otherwise === "always" ? "Always" : "Never" },
            { value: "when", label: "When …", disabled: !hasOthers },
            { value: "expression", label: "By expression" },
          ]}
        />
      </div>
      {mode === "when" && condition && (
        <SimpleCondition
          title={title}
          others={others}
          condition={condition}
          onChange={(next) => onChange(writeCondition(next))}
        />
      )}
      {mode === "when" && <PartProblems part={part} />}
      {mode === "expression" && (
        <ExpressionField
          part={part}
          label={`${title} when`}
          form={form}
          question={question}
          text={text ?? ""}
          wanted="boolean"
          values={values}
          onChange={onChange}
        />
      )}
    </fieldset>
  );
}

interface SimpleProps {
  title: string;
  others: readonly Question[];
  condition: Condition;
  onChange: (condition: Condition) => void;
}

function SimpleCondition({ title, others, condition, onChange }: SimpleProps) {
  const asked = others.find(({ key }) => key === condition.key) as Question;
  const options = "options" in asked ? asked.options : undefined;
  const change = (parts: Partial<Condition>) => {
    const next = others.find(({ key }) => key === (parts.key ?? condition.key)) as Question;
    onChange(parts.key ? firstCondition(next) : changeCondition(condition, next, parts));
  };
  return (
    <div className={styles.when}>
      <NativeSelect
        size="xs"
        aria-label={`${title}: question`}
        value={condition.key}
        data={others.map(({ key, label }) => ({ value: key, label: label || key }))}
        onChange={(event) => change({ key: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        aria-label={`${title}: comparison`}
        value={condition.operator}
        data={operatorsFor(asked).map((one) => ({ value: one, label: OPERATOR_WORDS[one] }))}
        onChange={(event) => change({ operator: event.currentTarget.value as Operator })}
      />
      {needsValue(condition.operator) &&
        (options ? (
          <NativeSelect
            size="xs"
            aria-label={`${title}: value`}
            value={String(condition.value)}
            data={options.map(({ value, label }) => ({ value: String(value), label }))}
            onChange={(event) => {
              const option = options.find(({ value }) => String(value) === event.currentTarget.value);
              if (option) change({ value: option.value });
            }}
          />
        ) : (
          <NumberInput
            size="xs"
            aria-label={`${title}: value`}
            value={condition.value ?? ""}
            hideControls
            onChange={(value) => change({ value: Number(value) })}
          />
        ))}
    </div>
  );
}
