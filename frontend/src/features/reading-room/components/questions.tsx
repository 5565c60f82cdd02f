import { NumberInput, Textarea } from "@mantine/core";
import { Fragment } from "react";
import type { Form, Question, QuestionOf, Scalar } from "../api/read";
import type { Derived } from "../model/form";
import { bySide, openValues } from "../model/presentation";
import styles from "../reading-room.module.css";
import { Choice, Problem } from "./Choices";

export interface FieldProps<Kind extends Question["kind"]> {
  question: QuestionOf<Kind>;
  answer: Scalar | undefined;
  problem: string | undefined;
  isDisabled: boolean;
  onAnswer: (value: Scalar) => void;
}

const problemId = (key: string): string => `problem-${key}`;

function Label({ question }: { question: Question }) {
  return (
    <legend className={styles.label}>
      <span>{question.label}</span>
      {!question.required && question.kind !== "derived" && (
        <span className={styles.aidVersion}>optional</span>
      )}
    </legend>
  );
}

/** Regions in rows, sides in columns; the patient's right on the left, as on the image. */
export function LocationField({ question, answer, problem, isDisabled, onAnswer }: FieldProps<"location">) {
  const regions = bySide(question.options);
  const choice = (option: (typeof question.options)[number], text: string, isCentered: boolean) => (
    <Choice
      key={option.value}
      name={question.key}
      value={option.value}
      answer={answer}
      label={option.label}
      hasProblem={problem !== undefined}
      isDisabled={isDisabled}
      isCentered={isCentered}
      onPick={onAnswer}
    >
      <span aria-hidden>{text}</span>
    </Choice>
  );
  return (
    <fieldset className={styles.question} aria-describedby={problem && problemId(question.key)}>
      <Label question={question} />
      {regions ? (
        <div className={styles.sides}>
          {regions.map(({ region, right, left }) => (
            <Fragment key={region}>
              <span>{region}</span>
              {choice(right, "Right", true)}
              {choice(left, "Left", true)}
            </Fragment>
          ))}
        </div>
      ) : (
        <div className={styles.scaleList}>
          {question.options.map((option) => choice(option, option.label, false))}
        </div>
      )}
      <Problem id={problemId(question.key)} text={problem} />
    </fieldset>
  );
}

export function ScaleField(props: FieldProps<"ordinal"> | FieldProps<"choice">) {
  const { question, answer, problem, isDisabled, onAnswer } = props;
  return (
    <fieldset className={styles.question} aria-describedby={problem && problemId(question.key)}>
      <Label question={question} />
      <div className={styles.scaleList}>
        {question.options.map((option) => (
          <Choice
            key={option.value}
            name={question.key}
            value={option.value}
            answer={answer}
            label={question.kind === "ordinal" ? `${option.value} ${option.label}` : option.label}
            hasProblem={problem !== undefined}
            isDisabled={isDisabled}
            onPick={onAnswer}
          >
            {question.kind === "ordinal" && <span className={styles.scaleValue}>{option.value}</span>}
            <span>{option.label}</span>
          </Choice>
        ))}
      </div>
      <Problem id={problemId(question.key)} text={problem} />
    </fieldset>
  );
}

export function YesNoField({ question, answer, problem, isDisabled, onAnswer }: FieldProps<"yes_no">) {
  const choice = (value: boolean, text: string) => (
    <Choice
      name={question.key}
      value={value}
      answer={answer}
      label={`${question.label}: ${text.toLowerCase()}`}
      hasProblem={problem !== undefined}
      isDisabled={isDisabled}
      isCentered
      onPick={onAnswer}
    >
      <span aria-hidden>{text}</span>
    </Choice>
  );
  return (
    <fieldset className={styles.question} data-compact aria-label={question.label}>
      <div className={styles.line}>
        <span className={styles.lineLabel}>{question.label}</span>
        <div className={styles.yesNo}>
          {choice(true, "Yes")}
          {choice(false, "No")}
        </div>
      </div>
      <Problem id={problemId(question.key)} text={problem} />
    </fieldset>
  );
}

/** With a fixed number of decimals the input hands over text: "4.0" is a number too, and only an empty field is none. */
export function numberOf(value: number | string): number | null {
  const number = typeof value === "number" ? value : Number.parseFloat(value);
  return Number.isFinite(number) ? number : null;
}

export function NumberField(props: FieldProps<"measurement"> | FieldProps<"number">) {
  const { question, answer, problem, isDisabled, onAnswer } = props;
  const decimals =
    question.step === undefined ? undefined : Math.max(0, Math.ceil(-Math.log10(question.step)));
  return (
    <div className={styles.question}>
      <NumberInput
        label={question.label}
        name={question.key}
        value={typeof answer === "number" ? answer : ""}
        min={question.min}
        max={question.max}
        step={question.step}
        decimalScale={decimals}
        fixedDecimalScale={decimals !== undefined}
        clampBehavior="none"
        hideControls
        classNames={{ label: styles.inputLabel }}
        rightSection={question.unit && <span className={styles.aidVersion}>{question.unit}</span>}
        rightSectionWidth={40}
        error={problem}
        disabled={isDisabled}
        onChange={(value) => onAnswer(numberOf(value))}
      />
    </div>
  );
}

export function TextField({ question, answer, problem, isDisabled, onAnswer }: FieldProps<"text">) {
  return (
    <div className={styles.question}>
      <Textarea
        label={question.label}
        name={question.key}
        value={typeof answer === "string" ? answer : ""}
        rows={2}
        classNames={{ label: styles.inputLabel }}
        error={problem}
        disabled={isDisabled}
        onChange={(event) => onAnswer(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      />
    </div>
  );
}

interface DerivedFieldProps {
  question: QuestionOf<"derived">;
  derived: Derived | undefined;
  form: Form;
}

/** A value that follows from others: shown, never entered. */
export function DerivedField({ question, derived, form }: DerivedFieldProps) {
  const isKnown = derived?.isKnown === true;
  return (
    <div className={styles.question} data-compact>
      <div className={styles.line}>
        <span className={styles.lineLabel}>{question.label}</span>
        <output
          className={styles.lineValue}
          data-open={!isKnown || undefined}
          data-derived={question.key}
          title={question.help || undefined}
        >
          {derived?.isKnown ? derivedText(question, derived.value, form) : "–"}
        </output>
      </div>
    </div>
  );
}

function derivedText(question: QuestionOf<"derived">, value: Scalar, form: Form): string {
  if (typeof value === "boolean") return value ? "met" : "not met";
  const scale = form.questions.find((one) => one.kind === "ordinal");
  if (value !== null) {
    const anchor = scale?.options.find((option) => option.value === value)?.label;
    return anchor === undefined ? String(value) : `${value} ${anchor}`;
  }
  return `${openValues(question, scale).join(" or ")}: your judgement`;
}
