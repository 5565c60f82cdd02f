import { Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { fieldText, PLAN_FIELDS, type PlanField, plan, readField } from "../model/plan";
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
          <div className="rr-design-fields">
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
  const kept = fieldText(designer.document.analysis.plan?.[field.key]);
  const [typed, setTyped] = useState(kept);
  const read = readField(field, typed);
  // What was typed stays as it is while it means what is kept; after an undo it does not.
  const isOld = "value" in read && fieldText(read.value) !== kept;
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
      if (!("value" in next) || fieldText(next.value) === kept) return;
      designer.change(`the plan: ${field.label}`, (draft) => plan(draft, field.key, next.value));
    },
  };
  return (
    <div>
      {field.kind === "pairs" ? (
        <Textarea autosize minRows={1} maxRows={6} {...props} />
      ) : (
        <TextInput maxLength={field.kind === "text" ? 40 : 2000} {...props} />
      )}
      <Problems problems={designer.problems} at={[`analysis.plan.${field.key}`]} />
    </div>
  );
}
