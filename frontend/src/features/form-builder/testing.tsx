import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { everyKind, renderThemed } from "../../shared/forms/testing";
import type { Form, Question } from "../../shared/forms/types";
import FormBuilder, { type FormBuilderProps } from "./FormBuilder";

function Built({ initial, onForm, ...props }: Partial<FormBuilderProps> & Started) {
  const [form, setForm] = useState(initial);
  const change = (next: Form) => {
    setForm(next);
    onForm(next);
  };
  return <FormBuilder problems={[]} readOnly={false} {...props} form={form} onChange={change} />;
}

interface Started {
  initial: Form;
  onForm: (form: Form) => void;
}

/** Render, and hand over the form as it was changed last. */
export function build(initial: Form = everyKind, props: Partial<FormBuilderProps> = {}) {
  let latest = initial;
  const user = userEvent.setup();
  renderThemed(
    <Built
      initial={initial}
      onForm={(form) => {
        latest = form;
      }}
      {...props}
    />,
  );
  return { user, form: () => latest, question: (key: string) => find(latest, key) };
}

const find = (form: Form, key: string) => form.questions.find((one) => one.key === key) as Question;
export const row = (key: string) => document.querySelector(`[data-row="${key}"]`) as HTMLElement;
export const open = (key: string) => within(row(key)).getByRole("button", { expanded: false });
export const preview = () => within(screen.getByRole("complementary", { name: "Preview" }));
