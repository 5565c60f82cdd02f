import { NumberInput, Stack, Switch, Text, Textarea, TextInput, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Document, FormDraft } from "../api/versions";
import type { Draft } from "../model/amendment";

/** What the form builder is given; the app puts it in, for features do not know each other. */
export interface FormEditorProps {
  form: FormDraft;
  onChange: (form: FormDraft) => void;
}

export type RenderForm = (props: FormEditorProps) => ReactNode;

interface FieldsProps {
  draft: Draft;
  sessions: Document["design"]["sessions"];
  renderForm: RenderForm;
  onChange: (part: Partial<Draft>) => void;
}

function whole(value: string | number): number | null {
  return typeof value === "number" ? value : null;
}

/** The parts of a protocol that an amendment may change, and no other. */
export function AmendmentFields({ draft, sessions, renderForm, onChange }: FieldsProps) {
  return (
    <Stack gap="md">
      <TextInput
        label="Title of the study"
        value={draft.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <Textarea
        label="Objective"
        autosize
        minRows={2}
        value={draft.objective}
        onChange={(event) => onChange({ objective: event.currentTarget.value })}
      />
      <Textarea
        label="Instructions to the readers"
        autosize
        minRows={3}
        value={draft.instructions}
        onChange={(event) => onChange({ instructions: event.currentTarget.value })}
      />
      <div className="rr-amend-row">
        {sessions.map((one) => (
          <NumberInput
            key={one.ordinal}
            label={`Washout days before ${one.title}`}
            min={0}
            allowDecimal={false}
            value={draft.washoutDays[one.ordinal] ?? 0}
            onChange={(value) =>
              onChange({ washoutDays: { ...draft.washoutDays, [one.ordinal]: whole(value) ?? 0 } })
            }
          />
        ))}
      </div>
      <SittingFields draft={draft} onChange={onChange} />
      <Switch
        label="Each session is signed by its reader"
        checked={draft.isSigned}
        onChange={(event) => onChange({ isSigned: event.currentTarget.checked })}
      />
      <section aria-labelledby="amended-form-title">
        <Title order={3} id="amended-form-title">
          Form
        </Title>
        <Text size="sm" c="dimmed" mb="md" maw="72ch">
          A question keeps its key and kind, an answer stays an answer. A changed question takes a new key.
        </Text>
        {renderForm({ form: draft.form, onChange: (form) => onChange({ form }) })}
      </section>
      <Textarea
        label="Adjudication, as JSON"
        description="What counts as a disagreement and who settles it, as the protocol's file has it. null: nothing is settled."
        className="rr-json"
        rows={4}
        spellCheck={false}
        value={draft.adjudication}
        onChange={(event) => onChange({ adjudication: event.currentTarget.value })}
      />
      <Textarea
        label="Analysis plan, as JSON"
        description="What is decided before there are data. null: nothing. Every result tells that it was changed after the freeze."
        className="rr-json"
        rows={4}
        spellCheck={false}
        value={draft.plan}
        onChange={(event) => onChange({ plan: event.currentTarget.value })}
      />
      <Textarea
        label="Statements for the report, as JSON"
        description="Sentences that fill the reporting checklists, by key. null: none."
        className="rr-json"
        rows={4}
        spellCheck={false}
        value={draft.statements}
        onChange={(event) => onChange({ statements: event.currentTarget.value })}
      />
    </Stack>
  );
}

function SittingFields({ draft, onChange }: Omit<FieldsProps, "sessions" | "renderForm">) {
  return (
    <>
      <div className="rr-amend-row">
        <NumberInput
          label="Cases in a sitting at most"
          placeholder="No cap"
          min={1}
          allowDecimal={false}
          value={draft.maxCases ?? ""}
          onChange={(value) => onChange({ maxCases: whole(value) })}
        />
        <NumberInput
          label="Minutes in a sitting at most"
          placeholder="No cap"
          min={1}
          allowDecimal={false}
          value={draft.maxMinutes ?? ""}
          onChange={(value) => onChange({ maxMinutes: whole(value) })}
        />
        <NumberInput
          label="Minutes of the break"
          min={0}
          allowDecimal={false}
          value={draft.breakMinutes}
          onChange={(value) => onChange({ breakMinutes: whole(value) ?? 0 })}
        />
      </div>
      {draft.passMarkPercent !== null && (
        <div className="rr-amend-row">
          <NumberInput
            label="Pass mark of the training, percent"
            min={0}
            max={100}
            value={draft.passMarkPercent}
            onChange={(value) => onChange({ passMarkPercent: whole(value) ?? 0 })}
          />
          <NumberInput
            label="Attempts at the training"
            min={1}
            allowDecimal={false}
            value={draft.maxAttempts ?? 1}
            onChange={(value) => onChange({ maxAttempts: whole(value) ?? 1 })}
          />
        </div>
      )}
    </>
  );
}
