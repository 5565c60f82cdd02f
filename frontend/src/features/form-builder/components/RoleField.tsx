import { TextInput } from "@mantine/core";
import type { QuestionOf } from "../../../shared/forms/types";
import { useProblem } from "./field-problems";
import type { ChangeParts } from "./QuestionEditor";

interface RoleFieldProps {
  question: QuestionOf<"mark"> | QuestionOf<"mask">;
  onChange: ChangeParts;
}

/** The sequence that must be drawn on. */
export function RoleField({ question, onChange }: RoleFieldProps) {
  return (
    <TextInput
      label="Drawn on the sequence"
      size="xs"
      placeholder="Any, or a role such as T2W"
      value={question.role ?? ""}
      error={useProblem("role")}
      onChange={(event) => onChange({ role: event.currentTarget.value.trim() || undefined })}
    />
  );
}
