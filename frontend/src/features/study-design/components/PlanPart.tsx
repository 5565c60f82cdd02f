import { Checkbox, NativeSelect, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import type { Problem } from "../api/protocol";
import { fieldText, plan, readField } from "../model/plan";
import { LINED, PLAN_FIELDS, type PlanField } from "../model/plan-fields";
import type { Designer } from "../use-designer";
import { Part } from "./Part";
import { Problems } from "./Problems";

/** What of the analysis is decided before there are data. Every field may stay empty. */
export function PlanPart({ designer }: { designer: Designer }) {
  return (
    <Part
      title="Analysis plan"
      help="What is decided before there are data; it is frozen with the protocol. Every field may stay empty. Columns are the center, the cohort and the case information, or come with the outcomes; several are separated by commas."
    >
      {PLAN_FIELDS.map(({ title, fields }) => (
        <fieldset key={title} className="rr-plan-group">
          <legend>
            <Title order={3}>{title}</Title>
          </legend>
          <div className="rr-design-fields rr-plan-fields">
            {fields.map((field) => (
              <Field key={field.key} designer={designer} field={field} />
            ))}
          </div>
        </fieldset>
      ))}
    </Part>
  );
}

function Field({ designer, field }: { designer: Designer; field: PlanField }) {
  const path = `analysis.plan.${field.key}`;
  // The name of one key may begin as another's does.
  const isOther = (problem: Problem) =>
    problem.path !== path && !/^[.[]/.test(problem.path.slice(path.length));
  return (
    <div className="rr-plan-field">
      {field.kind === "choice" || field.kind === "choices" ? (
        <Chosen designer={designer} field={field} />
      ) : (
        <Written designer={designer} field={field} />
      )}
      <Problems problems={designer.problems} at={[path]} except={isOther} />
    </div>
  );
}

type ChosenField = Extract<PlanField, { kind: "choice" | "choices" }>;

function Chosen({ designer, field }: { designer: Designer; field: ChosenField }) {
  const own = designer.document.analysis.plan;
  function keep(value: string | string[]) {
    designer.change(`the plan: ${field.label}`, (draft) =>
      plan(draft, field.key, value.length === 0 ? undefined : value),
    );
  }
  if (field.kind === "choices") {
    return (
      <Checkbox.Group
        label={field.label}
        description={field.help}
        value={own?.[field.key] ?? []}
        onChange={keep}
      >
        {field.options.map(({ value, label }) => (
          <Checkbox key={value} value={value} label={label} />
        ))}
      </Checkbox.Group>
    );
  }
  return (
    <NativeSelect
      label={field.label}
      description={field.help}
      value={own?.[field.key] ?? ""}
      data={[{ value: "", label: "Not stated" }, ...field.options]}
      onChange={(event) => keep(event.currentTarget.value)}
    />
  );
}

function Written({ designer, field }: { designer: Designer; field: PlanField }) {
  const kept = fieldText(field, designer.document.analysis.plan);
  const [typed, setTyped] = useState(kept);
  const read = readField(field, typed);
  // What was typed stays as it is while it means what is kept; after an undo it does not.
  const isOld = "value" in read && textOf(field, read.value) !== kept;
  const props = {
    label: field.label,
    description: field.help,
    placeholder: `e.g. ${field.example}`,
    value: isOld ? kept : typed,
    error: "problem" in read ? `Not kept: ${read.problem}` : null,
    onChange: (event: { currentTarget: { value: string } }) => {
      const text = event.currentTarget.value;
      setTyped(text);
      const next = readField(field, text);
      if (!("value" in next) || textOf(field, next.value) === kept) return;
      designer.change(`the plan: ${field.label}`, (draft) => plan(draft, field.key, next.value));
    },
  };
  return LINED.has(field.kind) ? (
    <Textarea autosize minRows={1} maxRows={6} {...props} />
  ) : (
    <TextInput maxLength={field.kind === "text" ? 40 : 2000} {...props} />
  );
}

function textOf(field: PlanField, value: unknown): string {
  return fieldText(field, { [field.key]: value });
}
