import { ActionIcon, Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refusal } from "../../../shared/components/Refusal";
import { addSupplement, type PlanKey, type Supplements, supplementsQuery } from "../api/supplements";
import { filesProblem } from "../model/chosen-files";
import { KIND_HINTS, LINED, type PlanFields, planOf } from "../model/plan-fields";
import type { ResultsSource } from "../model/source";
import { FileDrop } from "./analyses/FileDrop";
import { Sending } from "./analyses/Sending";

interface PlanPartProps {
  keys: readonly PlanKey[];
  fields: PlanFields;
  problems: Readonly<Record<string, string>>;
  onChange: (fields: PlanFields) => void;
}

function PlanField({
  one,
  value,
  error,
  onChange,
  onRemove,
}: {
  one: PlanKey;
  value: string;
  error: string | undefined;
  onChange: (text: string) => void;
  onRemove: () => void;
}) {
  const shared = {
    label: one.key,
    description: `${one.help} ${KIND_HINTS[one.kind]}.`.trim(),
    value,
    error,
  };
  return (
    <div className="rr-plan-field">
      {LINED.has(one.kind) ? (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
      <ActionIcon variant="subtle" color="gray" aria-label={`Take ${one.key} away`} onClick={onRemove}>
        <IconX size={16} stroke={1.75} />
      </ActionIcon>
    </div>
  );
}

function PlanPart({ keys, fields, problems, onChange }: PlanPartProps) {
  const free = keys.filter(({ key }) => fields[key] === undefined);
  return (
    <>
      <NativeSelect
        label="Key of the analysis plan"
        value=""
        data={[{ value: "", label: "Choose one to set…" }, ...free.map(({ key }) => key)]}
        onChange={(event) => {
          const key = event.currentTarget.value;
          if (key !== "") onChange({ ...fields, [key]: "" });
        }}
      />
      {keys
        .filter(({ key }) => fields[key] !== undefined)
        .map((one) => (
          <PlanField
            key={one.key}
            one={one}
            value={fields[one.key] ?? ""}
            error={problems[one.key]}
            onChange={(text) => onChange({ ...fields, [one.key]: text })}
            onRemove={() =>
              onChange(Object.fromEntries(Object.entries(fields).filter(([key]) => key !== one.key)))
            }
          />
        ))}
    </>
  );
}

function Known({ label, names }: { label: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <details>
      <summary>
        {label} ({names.length})
      </summary>
      <p>{names.join(", ")}</p>
    </details>
  );
}

/** Files and keys of the plan that the study's own records do not hold, with the reason. */
export function SupplementForm({ source, known }: { source: ResultsSource; known: Supplements }) {
  const [reason, setReason] = useState("");
  const [files, setFiles] = useState<File[]>([]);
  const [fields, setFields] = useState<PlanFields>({});
  const [share, setShare] = useState(0);
  const [isChecked, setIsChecked] = useState(false);
  const queryClient = useQueryClient();
  const { plan, problems } = planOf(fields, known.plan_keys);
  const rules = { endings: [".csv", ".json"], names: known.accepts };
  const isNothing = files.length === 0 && Object.keys(fields).length === 0;
  const filesWrong =
    filesProblem(files, rules) ?? (isChecked && isNothing ? "Add a file, or a key of the plan." : null);
  const add = useMutation({
    mutationFn: () => addSupplement(source, { reason: reason.trim(), files, plan }, setShare),
    onSuccess: async () => {
      setReason("");
      setFiles([]);
      setFields({});
      setIsChecked(false);
      await queryClient.invalidateQueries({ queryKey: supplementsQuery(source).queryKey });
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsChecked(true);
    const isWrong = isNothing || filesWrong !== null || Object.keys(problems).length > 0;
    if (isWrong || reason.trim() === "") return;
    setShare(0);
    add.mutate();
  }

  return (
    <form className="rr-give" aria-label="Add data or a plan" onSubmit={submit} noValidate>
      <FileDrop
        label="Files of the supplement"
        hint={`Any of ${known.accepts.join(", ")}.`}
        rules={rules}
        files={files}
        problem={filesWrong}
        isBusy={add.isPending}
        onChange={setFiles}
      />
      <PlanPart
        keys={known.plan_keys}
        fields={fields}
        problems={isChecked ? problems : {}}
        onChange={setFields}
      />
      <div className="rr-known">
        <Known label="Columns of cases.csv" names={known.columns} />
        <Known label="Cases" names={known.cases} />
        <Known label="Models" names={known.models} />
      </div>
      <Textarea
        label="Reason"
        description="Printed with every result that uses the supplement, which was added after the lock."
        maxLength={2000}
        autosize
        minRows={2}
        value={reason}
        error={isChecked && reason.trim() === "" && "Say why it is added."}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" loading={add.isPending} className="rr-give-submit">
        Add
      </Button>
      {add.isPending && <Sending share={share} />}
      {add.isError && <Refusal error={add.error} fallback="The supplement could not be added." />}
      <p role="status" className="rr-run-when">
        {add.isSuccess && isNothing && `Added as number ${add.data.number}. “Analyze again” can use it.`}
      </p>
    </form>
  );
}
