import { Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { ExpressionType } from "../../../shared/forms/expression-types";
import { typeOfQuestion } from "../../../shared/forms/question-types";
import type { Answers, Form, Question, QuestionOf } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import { ExpressionField } from "./ExpressionField";
import { useProblem } from "./field-problems";
import { MaskFields } from "./MaskFields";
import { OptionsTable } from "./OptionsTable";
import type { ChangeParts } from "./QuestionEditor";
import { RoleField } from "./RoleField";

interface KindFieldsProps<Q extends Question = Question> {
  form: Form;
  question: Q;
  values: Answers;
  onChange: ChangeParts;
}

/** The fields that only some kinds of question have. */
export function KindFields(props: KindFieldsProps) {
  const { question, onChange } = props;
  switch (question.kind) {
    case "choice":
      return (
        <>
          <Checkbox
            size="xs"
            label="More than one may be chosen"
            checked={question.multiple ?? false}
            onChange={(event) => onChange({ multiple: event.currentTarget.checked || undefined })}
          />
          <OptionsTable question={question} onChange={onChange} />
        </>
      );
    case "ordinal":
      return <OptionsTable question={question} onChange={onChange} />;
    case "location":
      return <LocationFields question={question} onChange={onChange} />;
    case "number":
      return <RangeFields question={question} onChange={onChange} />;
    case "measurement":
      return <MeasurementFields question={question} onChange={onChange} />;
    case "mark":
      return <MarkFields question={question} onChange={onChange} />;
    case "mask":
      return <MaskFields question={question} onChange={onChange} />;
    case "derived":
      return <DerivedFields {...props} question={question} />;
    default:
      return null;
  }
}

interface OwnProps<Q extends Question> {
  question: Q;
  onChange: ChangeParts;
}

function LocationFields({ question, onChange }: OwnProps<QuestionOf<"location">>) {
  const diagram = question.diagram ? (question.view ?? "axial") : "none";
  return (
    <>
      <NativeSelect
        label="Diagram"
        size="xs"
        value={diagram}
        data={[
          { value: "none", label: "None: a list alone" },
          { value: "axial", label: "Pelvis, axial" },
          { value: "coronal", label: "Pelvis, coronal" },
        ]}
        onChange={(event) => {
          const view = event.currentTarget.value;
          onChange(view === "none" ? { diagram: undefined, view: undefined } : { diagram: "pelvis", view });
        }}
      />
      <OptionsTable question={question} onChange={onChange} />
    </>
  );
}

function RangeFields(props: OwnProps<QuestionOf<"number"> | QuestionOf<"measurement">>) {
  return (
    <div className={styles.four}>
      <LimitField part="min" label="Smallest" {...props} />
      <LimitField part="max" label="Largest" {...props} />
      <LimitField part="step" label="Step" {...props} />
      <UnitField {...props} />
    </div>
  );
}

interface LimitProps extends OwnProps<QuestionOf<"number"> | QuestionOf<"measurement">> {
  part: "min" | "max" | "step";
  label: string;
}

function LimitField({ part, label, question, onChange }: LimitProps) {
  return (
    <NumberInput
      label={label}
      size="xs"
      value={question[part] ?? ""}
      error={useProblem(part)}
      hideControls
      onChange={(value) => onChange({ [part]: value === "" ? undefined : Number(value) })}
    />
  );
}

function UnitField({ question, onChange }: OwnProps<Question & { unit?: string }>) {
  return (
    <TextInput
      label="Unit"
      size="xs"
      value={question.unit ?? ""}
      error={useProblem("unit")}
      onChange={(event) => onChange({ unit: event.currentTarget.value || undefined })}
    />
  );
}

function MeasurementFields({ question, onChange }: OwnProps<QuestionOf<"measurement">>) {
  return (
    <>
      <div className={styles.pair}>
        <NativeSelect
          label="Axis"
          size="xs"
          value={question.axis}
          error={useProblem("axis")}
          data={[
            { value: "short", label: "Short axis" },
            { value: "long", label: "Long axis" },
          ]}
          onChange={(event) => onChange({ axis: event.currentTarget.value })}
        />
        <TextInput
          label="Drawn pair"
          size="xs"
          placeholder="The only one"
          title="Name it when the form has several: axes with the same name are measured by one drawing."
          value={question.of ?? ""}
          error={useProblem("of")}
          onChange={(event) => onChange({ of: event.currentTarget.value || undefined })}
        />
      </div>
      <RangeFields question={question} onChange={onChange} />
    </>
  );
}

function MarkFields({ question, onChange }: OwnProps<QuestionOf<"mark">>) {
  return (
    <>
      <div className={styles.pair}>
        <NumberInput
          label="At most"
          size="xs"
          min={1}
          allowDecimal={false}
          hideControls
          value={question.max_marks ?? ""}
          error={useProblem("max_marks")}
          onChange={(value) => onChange({ max_marks: value === "" ? undefined : Number(value) })}
        />
        <RoleField question={question} onChange={onChange} />
      </div>
      <OptionsTable question={question} onChange={onChange} />
    </>
  );
}

function DerivedFields({ form, question, values, onChange }: KindFieldsProps<QuestionOf<"derived">>) {
  const wanted: ExpressionType = question.type === "category" ? typeOfQuestion(question) : question.type;
  const chooseType = (type: string) => {
    const isCategory = type === "category";
    const options = question.options ?? [
      { value: "option_1", label: "Option 1" },
      { value: "option_2", label: "Option 2" },
    ];
    onChange({
      type,
      options: isCategory ? options : undefined,
      unit: type === "number" ? question.unit : undefined,
    });
  };
  return (
    <>
      <ExpressionField
        part="expr"
        label="Expression"
        form={form}
        question={question}
        text={question.expr ?? ""}
        wanted={wanted}
        values={values}
        onChange={(expr) => onChange({ expr })}
      />
      <div className={styles.pair}>
        <NativeSelect
          label="Gives"
          size="xs"
          value={question.type}
          error={useProblem("type")}
          data={[
            { value: "boolean", label: "Yes or no" },
            { value: "number", label: "A number" },
            { value: "category", label: "One of several options" },
          ]}
          onChange={(event) => chooseType(event.currentTarget.value)}
        />
        {question.type === "number" && <UnitField question={question} onChange={onChange} />}
      </div>
      {question.type === "category" && <OptionsTable question={question} onChange={onChange} />}
    </>
  );
}
