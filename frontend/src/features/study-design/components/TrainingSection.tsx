import { MultiSelect, NumberInput, Select, Switch, Table, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refusal } from "../../../shared/components/Refusal";
import { type DesignCase, designCasesQuery, putCase } from "../api/cases";
import { isNumeric, type Question, questionName } from "../model/document";
import type { Designer } from "../use-designer";
import { EditTable } from "./EditTable";
import { Part } from "./Part";
import { Problems } from "./Problems";
import { WholeNumber } from "./WholeNumber";

const UNMARKED = new Set(["text", "mask", "mark"]);

export function TrainingSection({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  const training = document.training;
  return (
    <>
      <Part
        title="Training"
        help="Readers first read training cases, are shown the right answers after each, and go on once they pass. Training never enters the analysis."
      >
        <Switch
          label="Train the readers first"
          checked={training !== null}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            change("training", (draft) => {
              const question = draft.analysis.rating_question;
              draft.training = isOn
                ? {
                    pass_mark: 0.8,
                    max_attempts: 3,
                    questions: question === null ? [] : [question],
                    tolerance: {},
                  }
                : null;
            });
          }}
        />
        {training !== null && <Rules designer={designer} />}
        <Problems problems={problems} at={["training"]} />
      </Part>
      {training !== null && !designer.isReadOnly && <KeysPart designer={designer} />}
    </>
  );
}

function Rules({ designer }: { designer: Designer }) {
  const { document, change } = designer;
  const training = document.training;
  if (training === null) return null;
  const questions = document.form.questions.filter((one) => !UNMARKED.has(one.kind));
  const numeric = questions.filter((one) => isNumeric(one) && training.questions.includes(one.key));
  return (
    <>
      <div className="rr-design-fields">
        <WholeNumber
          label="Right answers to pass (%)"
          min={0}
          max={100}
          value={Math.round(training.pass_mark * 100)}
          onChange={(value) =>
            change("the pass mark", (draft) => {
              if (draft.training !== null) draft.training.pass_mark = value / 100;
            })
          }
        />
        <WholeNumber
          label="Attempts, at most"
          min={1}
          max={20}
          value={training.max_attempts}
          onChange={(value) =>
            change("the attempts", (draft) => {
              if (draft.training !== null) draft.training.max_attempts = value;
            })
          }
        />
      </div>
      <MultiSelect
        label="Questions that are marked"
        data={questions.map((one) => ({ value: one.key, label: questionName(one) }))}
        value={training.questions}
        onChange={(keys) =>
          change("the marked questions", (draft) => {
            if (draft.training === null) return;
            draft.training.questions = keys;
            draft.training.tolerance = Object.fromEntries(
              Object.entries(draft.training.tolerance).filter(([key]) => keys.includes(key)),
            );
          })
        }
      />
      {numeric.length > 0 && (
        <div className="rr-design-fields">
          {numeric.map((question) => (
            <NumberInput
              key={question.key}
              label={`${questionName(question)}: right within`}
              suffix={question.unit ? ` ${question.unit}` : ""}
              min={0}
              max={1000}
              step={0.5}
              value={training.tolerance[question.key] ?? 0}
              onChange={(value) =>
                typeof value === "number" &&
                change(`the tolerance of ${question.key}`, (draft) => {
                  if (draft.training !== null) draft.training.tolerance[question.key] = value;
                })
              }
            />
          ))}
        </div>
      )}
    </>
  );
}

function KeysPart({ designer }: { designer: Designer }) {
  const cases = useQuery(designCasesQuery(designer.slug));
  const marked = designer.document.form.questions.filter((one) =>
    designer.document.training?.questions.includes(one.key),
  );
  const training = cases.data?.filter((one) => one.purpose === "TRAINING") ?? [];
  return (
    <Part
      title="Right answers"
      help="Kept with the training cases and shown to readers once they have answered. They are saved as you enter them."
    >
      {training.length === 0 ? (
        <Text size="sm" c="dimmed">
          The study has no training cases yet. Under Cases, give cases the purpose Training.
        </Text>
      ) : (
        <EditTable heads={["Case", ...marked.map(questionName), "What to learn from it"]}>
          {training.map((one) => (
            <KeyRow key={one.number} slug={designer.slug} one={one} questions={marked} />
          ))}
        </EditTable>
      )}
    </Part>
  );
}

interface KeyRowProps {
  slug: string;
  one: DesignCase;
  questions: readonly Question[];
}

function KeyRow({ slug, one, questions }: KeyRowProps) {
  const queryClient = useQueryClient();
  const [key, setKey] = useState(one.training_key);
  const save = useMutation({
    mutationFn: (training_key: DesignCase["training_key"]) => putCase(slug, one.number, { training_key }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: designCasesQuery(slug).queryKey });
      await queryClient.invalidateQueries({ queryKey: ["desk", slug, "design-summary"] });
    },
  });
  const answer = (question: string, value: unknown) => {
    const answers = { ...key.answers };
    if (value === null || value === "") delete answers[question];
    else answers[question] = value;
    setKey({ ...key, answers });
    save.mutate({ ...key, answers });
  };
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {one.number}
        {save.isError && <Refusal error={save.error} fallback="The answer could not be saved." />}
      </Table.Th>
      {questions.map((question) => (
        <Table.Td key={question.key}>
          <KeyField
            question={question}
            name={`${questionName(question)} of ${one.number}`}
            value={key.answers[question.key]}
            onChange={(value) => answer(question.key, value)}
          />
        </Table.Td>
      ))}
      <Table.Td>
        <TextInput
          aria-label={`What to learn from ${one.number}`}
          maxLength={2000}
          value={key.text}
          onChange={(event) => setKey({ ...key, text: event.currentTarget.value })}
          onBlur={() => key.text !== one.training_key.text && save.mutate(key)}
        />
      </Table.Td>
    </Table.Tr>
  );
}

interface KeyFieldProps {
  question: Question;
  name: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

function KeyField({ question, name, value, onChange }: KeyFieldProps) {
  const isBoolean =
    question.kind === "yes_no" || (question.kind === "derived" && question.type === "boolean");
  if (isBoolean) {
    return (
      <Select
        aria-label={name}
        clearable
        data={[
          { value: "true", label: "Yes" },
          { value: "false", label: "No" },
        ]}
        value={typeof value === "boolean" ? String(value) : null}
        onChange={(next) => onChange(next === null ? null : next === "true")}
      />
    );
  }
  if (question.options !== undefined) {
    const options = question.options;
    return (
      <Select
        aria-label={name}
        clearable
        data={options.map((option) => ({ value: String(option.value), label: option.label }))}
        value={value === undefined ? null : String(value)}
        onChange={(next) => onChange(options.find((option) => String(option.value) === next)?.value ?? null)}
      />
    );
  }
  if (isNumeric(question)) {
    return (
      <NumberInput
        aria-label={name}
        value={typeof value === "number" ? value : ""}
        onChange={(next) => onChange(typeof next === "number" ? next : null)}
      />
    );
  }
  return (
    <TextInput
      aria-label={name}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
