import { NumberInput } from "@mantine/core";
import { type FieldProps, labelClass } from "./Field";
import styles from "./forms.module.css";
import { numberOf } from "./number-of";

export function NumberField(props: FieldProps<"measurement"> | FieldProps<"number">) {
  const { question, answer, problem, isRequired, isDisabled, onAnswer } = props;
  const decimals =
    question.step === undefined ? undefined : Math.max(0, Math.ceil(-Math.log10(question.step)));
  return (
    <div className={styles.question}>
      <NumberInput
        label={question.label}
        name={question.key}
        description={question.kind === "number" && question.help !== "" ? question.help : undefined}
        inputWrapperOrder={["label", "description", "input", "error"]}
        placeholder={rangeText(question.min, question.max)}
        value={typeof answer === "number" ? answer : ""}
        min={question.min}
        max={question.max}
        step={question.step}
        decimalScale={decimals}
        fixedDecimalScale={decimals !== undefined}
        clampBehavior="none"
        hideControls
        classNames={{ label: labelClass(isRequired), description: styles.help }}
        rightSection={question.unit && <span className={styles.aside}>{question.unit}</span>}
        rightSectionWidth={44}
        error={problem}
        aria-required={isRequired || undefined}
        disabled={isDisabled}
        onChange={(value) => onAnswer(numberOf(value))}
      />
    </div>
  );
}

/** Empty while a form that is being built has no range. */
function rangeText(min: number | undefined, max: number | undefined): string {
  return min === undefined || max === undefined ? "" : `${min} – ${max}`;
}

const MIDDLE = 50;

/** A probability in whole percent. While it is open there is no thumb, so that open never looks like 0. */
export function ProbabilityField(props: FieldProps<"probability">) {
  const { question, answer, problem, isRequired, isDisabled, onAnswer } = props;
  const percent = typeof answer === "number" ? answer : null;
  return (
    <div className={styles.question}>
      <NumberInput
        label={question.label}
        name={question.key}
        description={question.help || undefined}
        inputContainer={(input) => (
          <div className={styles.probabilityRow}>
            <PercentSlider
              name={`${question.label}, slider`}
              percent={percent}
              isWrong={problem !== undefined}
              isDisabled={isDisabled}
              onAnswer={onAnswer}
            />
            {input}
            <div className={styles.ends} aria-hidden>
              <span>0</span>
              <span>50</span>
              <span>100</span>
            </div>
          </div>
        )}
        placeholder="–"
        value={percent ?? ""}
        min={0}
        max={100}
        allowDecimal={false}
        clampBehavior="none"
        hideControls
        classNames={{ label: labelClass(isRequired), description: styles.help }}
        rightSection={<span className={styles.aside}>%</span>}
        rightSectionWidth={28}
        error={problem}
        aria-required={isRequired || undefined}
        disabled={isDisabled}
        onChange={(value) => onAnswer(numberOf(value))}
      />
    </div>
  );
}

interface PercentSliderProps {
  name: string;
  percent: number | null;
  isWrong: boolean;
  isDisabled: boolean;
  onAnswer: (percent: number) => void;
}

function PercentSlider({ name, percent, isWrong, isDisabled, onAnswer }: PercentSliderProps) {
  const shown = Math.min(100, Math.max(0, percent ?? MIDDLE));
  // The browser reports no change when the place chosen first is the one that the open slider stands at.
  const settle = (slider: HTMLInputElement) => {
    if (percent === null && !isDisabled) onAnswer(slider.valueAsNumber);
  };
  return (
    <input
      type="range"
      className={styles.slider}
      style={{ "--filled": `${shown}%` } as React.CSSProperties}
      data-open={percent === null || undefined}
      aria-label={name}
      aria-valuetext={percent === null ? "not answered" : `${percent} percent`}
      aria-invalid={isWrong || undefined}
      min={0}
      max={100}
      step={1}
      value={shown}
      disabled={isDisabled}
      onChange={(event) => onAnswer(event.currentTarget.valueAsNumber)}
      onPointerUp={(event) => settle(event.currentTarget)}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") settle(event.currentTarget);
      }}
    />
  );
}
