import { Fragment, type ReactNode } from "react";
import type { FormState } from "../check";
import type { Drawing } from "../drawn";
import { type Answer, type Answers, type Form, isByVoxels, type Question, type QuestionOf } from "../types";
import { ChoiceField, OrdinalField, YesNoField } from "./ChoiceFields";
import { DerivedField } from "./DerivedField";
import { MarkField, MaskField } from "./DrawnFields";
import styles from "./forms.module.css";
import { LocationField } from "./LocationField";
import { NumberField, ProbabilityField } from "./NumberFields";
import { TextField } from "./TextField";
import { VoxelMaskField } from "./VoxelMaskField";

interface FormFieldsProps {
  form: Form;
  answers: Answers;
  state: FormState;
  problems: Readonly<Record<string, string>>;
  isDisabled: boolean;
  onAnswer: (key: string, value: Answer) => void;
  /** The viewer, for questions that are answered on the images; null where there is none. */
  drawing: Drawing | null;
  /** The measurements drawn on the images, shown below the first pair of axes. */
  belowMeasures?: ReactNode;
}

/** The questions that the form asks now, in its order and under its headings. */
export function FormFields(props: FormFieldsProps) {
  const { form, state, belowMeasures } = props;
  const asked = form.questions.filter(({ key }) => state.visible.has(key));
  return (
    <>
      {blocksOf(asked).map((block, place, blocks) => {
        const [first] = block;
        const hasHeading = first.section && first.section !== blocks[place - 1]?.[0].section;
        return (
          <Fragment key={first.key}>
            {hasHeading && (
              <h2 className={styles.section} data-first={place === 0 || undefined}>
                {first.section}
              </h2>
            )}
            {first.kind === "measurement" ? (
              <>
                {first.of && hasOtherPairs(asked, first) && <p className={styles.pair}>{first.of}</p>}
                <div className={styles.measures}>
                  {block.map((question) => (
                    <OneQuestion key={question.key} question={question} {...props} />
                  ))}
                </div>
                {blocks.findIndex(([one]) => one.kind === "measurement") === place && belowMeasures}
              </>
            ) : (
              <OneQuestion question={first} {...props} />
            )}
          </Fragment>
        );
      })}
    </>
  );
}

type Block = readonly [Question, ...Question[]];

/** Each question by itself, but the axes of one drawn pair together, where the first of them stands. */
function blocksOf(questions: readonly Question[]): Block[] {
  const pairOf = (question: QuestionOf<"measurement">) => `${question.section ?? ""}\n${question.of ?? ""}`;
  const axes = questions.filter((question) => question.kind === "measurement");
  return questions.flatMap((question): Block[] => {
    if (question.kind !== "measurement") return [[question]];
    const pair = axes.filter((one) => pairOf(one) === pairOf(question));
    return pair[0] === question ? [[question, ...pair.slice(1)]] : [];
  });
}

/** Whether the section asks for more than one pair, so that each needs its name. */
function hasOtherPairs(questions: readonly Question[], { section, of }: QuestionOf<"measurement">): boolean {
  return questions.some(
    (other) => other.kind === "measurement" && other.section === section && other.of !== of,
  );
}

function OneQuestion({ question, ...props }: FormFieldsProps & { question: Question }) {
  return (
    <div data-question={question.key}>
      <QuestionField question={question} {...props} />
    </div>
  );
}

function QuestionField(props: FormFieldsProps & { question: Question }) {
  const { question, form, answers, state, problems, isDisabled, onAnswer, drawing } = props;
  const common = {
    answer: answers[question.key],
    problem: problems[question.key],
    isRequired: state.required.has(question.key),
    isDisabled,
    onAnswer: (value: Answer) => onAnswer(question.key, value),
  };
  const drawnHere = drawing && { ...drawing, isArmed: drawing.armed === question.key };
  switch (question.kind) {
    case "choice":
      return <ChoiceField question={question} {...common} />;
    case "ordinal":
      return <OrdinalField question={question} {...common} />;
    case "yes_no":
      return <YesNoField question={question} {...common} />;
    case "location":
      return <LocationField question={question} {...common} />;
    case "number":
      return <NumberField question={question} {...common} />;
    case "measurement":
      return <NumberField question={question} {...common} />;
    case "probability":
      return <ProbabilityField question={question} {...common} />;
    case "text":
      return <TextField question={question} {...common} />;
    case "mark":
      return <MarkField question={question} {...common} drawing={drawnHere} />;
    case "mask": {
      const MaskOrVoxels = isByVoxels(question) ? VoxelMaskField : MaskField;
      return <MaskOrVoxels question={question} {...common} drawing={drawnHere} />;
    }
    case "derived":
      return <DerivedField question={question} form={form} state={state} />;
  }
}
