import type { ReactNode } from "react";
import type { OpenRead, Question, QuestionOf, Scalar } from "../api/read";
import { type Answers, deriveAll } from "../model/form";
import styles from "../reading-room.module.css";
import { DerivedField, LocationField, NumberField, ScaleField, TextField, YesNoField } from "./questions";

interface ReadFormProps {
  form: OpenRead["form"];
  answers: Answers;
  problems: Readonly<Record<string, string>>;
  isDisabled: boolean;
  onAnswer: (key: string, value: Scalar) => void;
  /** Shown below the measurements. */
  drawn: ReactNode;
}

export function ReadForm({ form, answers, problems, isDisabled, onAnswer, drawn }: ReadFormProps) {
  const derived = deriveAll(form, answers);
  const measures = form.questions.filter((question) => question.kind === "measurement");
  const common = (question: Question) => ({
    answer: answers[question.key],
    problem: problems[question.key],
    isDisabled,
    onAnswer: (value: Scalar) => onAnswer(question.key, value),
  });
  const field = (question: Exclude<Question, QuestionOf<"measurement">>) => {
    switch (question.kind) {
      case "location":
        return <LocationField question={question} {...common(question)} />;
      case "choice":
        return <ScaleField question={question} {...common(question)} />;
      case "ordinal":
        return <ScaleField question={question} {...common(question)} />;
      case "yes_no":
        return <YesNoField question={question} {...common(question)} />;
      case "number":
        return <NumberField question={question} {...common(question)} />;
      case "text":
        return <TextField question={question} {...common(question)} />;
      case "derived":
        return <DerivedField question={question} derived={derived[question.key]} form={form} />;
    }
  };
  return (
    <>
      {form.questions.map((question) => {
        if (question.kind !== "measurement") {
          return (
            <div key={question.key} data-question={question.key}>
              {field(question)}
            </div>
          );
        }
        if (question !== measures[0]) return null;
        return (
          <div key={question.key}>
            <div className={styles.measures}>
              {measures.map((one) => (
                <div key={one.key} data-question={one.key}>
                  <NumberField question={one} {...common(one)} />
                </div>
              ))}
            </div>
            {drawn}
          </div>
        );
      })}
    </>
  );
}
