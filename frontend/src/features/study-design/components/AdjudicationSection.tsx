import { MultiSelect, NumberInput, SegmentedControl, Select, Switch, Table, Text } from "@mantine/core";
import {
  type AdjudicationRule,
  comparisonsOf,
  type ProtocolDocument,
  type Question,
  questionName,
} from "../model/document";
import { count } from "../model/text";
import type { Designer } from "../use-designer";
import { AddButton, EditTable, RemoveCell } from "./EditTable";
import { Line, Part } from "./Part";
import { Problems } from "./Problems";

type Adjudication = NonNullable<ProtocolDocument["adjudication"]>;

const WHENS: Readonly<Record<string, string>> = {
  mismatch: "Answers differ",
  difference: "Difference of more than",
  distance: "Marks further apart than (mm)",
  dice: "Dice of less than",
};

export function AdjudicationSection({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  const adjudication = document.adjudication;
  return (
    <>
      <Part
        title="Adjudication"
        help="What readers disagree on is put to an adjudicator, without names and arms. The original answers stay."
      >
        <Switch
          label="Settle disagreements"
          checked={adjudication !== null}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            change("adjudication", (draft) => {
              draft.adjudication = isOn ? firstAdjudication(draft) : null;
            });
          }}
        />
        {adjudication !== null && <Mode designer={designer} adjudication={adjudication} />}
        <Problems
          problems={problems}
          at={["adjudication"]}
          except={(problem) => problem.path.startsWith("adjudication.rules")}
        />
      </Part>
      {adjudication !== null && (
        <>
          <RulesPart designer={designer} adjudication={adjudication} />
          <WorkloadPart designer={designer} adjudication={adjudication} />
        </>
      )}
    </>
  );
}

function firstAdjudication(document: ProtocolDocument): Adjudication {
  const question = document.form.questions.find((one) => comparisonsOf(one).length > 0);
  return {
    mode: "third_reader",
    arms: null,
    rules: question === undefined ? [] : [ruleFor(question)],
    expected_discordance: 0.25,
    minutes_per_item: 4,
  };
}

function ruleFor(question: Question, when = comparisonsOf(question)[0] ?? "mismatch"): AdjudicationRule {
  switch (when) {
    case "difference":
      return { question: question.key, when, more_than: 1 };
    case "distance":
      return { question: question.key, when, more_than_mm: 10 };
    case "dice":
      return { question: question.key, when, less_than: 0.7 };
    default:
      return { question: question.key, when };
  }
}

interface SettingsProps {
  designer: Designer;
  adjudication: Adjudication;
}

function useEdit(designer: Designer) {
  return (label: string, edit: (own: Adjudication) => void) =>
    designer.change(label, (draft) => {
      if (draft.adjudication !== null) edit(draft.adjudication);
    });
}

function Mode({ designer, adjudication }: SettingsProps) {
  const edit = useEdit(designer);
  const arms = designer.document.design.arms;
  return (
    <>
      <Line label="Settled by">
        <SegmentedControl
          data={[
            { value: "third_reader", label: "An adjudicator alone" },
            { value: "consensus", label: "A consensus meeting" },
            { value: "majority", label: "The majority" },
          ]}
          value={adjudication.mode}
          onChange={(value) =>
            edit("who adjudicates", (own) => {
              own.mode = value as Adjudication["mode"];
            })
          }
        />
      </Line>
      <MultiSelect
        label="In these arms"
        placeholder={adjudication.arms === null ? "All arms" : ""}
        data={arms.map((arm) => ({ value: arm.key, label: arm.title }))}
        value={adjudication.arms ?? []}
        onChange={(values) =>
          edit("the adjudicated arms", (own) => {
            own.arms = values.length === 0 ? null : values;
          })
        }
        maw={480}
      />
    </>
  );
}

function RulesPart({ designer, adjudication }: SettingsProps) {
  const edit = useEdit(designer);
  const questions = designer.document.form.questions.filter((one) => comparisonsOf(one).length > 0);
  const free = questions.find((one) => !adjudication.rules.some((rule) => rule.question === one.key));
  return (
    <Part
      title="What counts as a disagreement"
      action={
        free !== undefined && (
          <AddButton
            label="Add rule"
            onClick={() =>
              edit("a new rule", (own) => {
                own.rules.push(ruleFor(free));
              })
            }
          />
        )
      }
    >
      <EditTable heads={["Question", "Disagreement", "Limit", ""]}>
        {adjudication.rules.map((rule, index) => {
          const question = questions.find((one) => one.key === rule.question);
          const set = (next: AdjudicationRule) =>
            edit(`rule ${index + 1}`, (own) => {
              own.rules[index] = next;
            });
          return (
            <Table.Tr key={rule.question}>
              <Table.Td>
                <Select
                  aria-label={`Question of rule ${index + 1}`}
                  data={questions.map((one) => ({ value: one.key, label: questionName(one) }))}
                  allowDeselect={false}
                  value={rule.question}
                  onChange={(value) => {
                    const chosen = questions.find((one) => one.key === value);
                    if (chosen !== undefined) set(ruleFor(chosen));
                  }}
                />
              </Table.Td>
              <Table.Td>
                <Select
                  aria-label={`Disagreement of rule ${index + 1}`}
                  data={(question === undefined ? [rule.when] : comparisonsOf(question)).map((when) => ({
                    value: when,
                    label: WHENS[when] ?? when,
                  }))}
                  allowDeselect={false}
                  value={rule.when}
                  onChange={(value) => {
                    if (question !== undefined && value !== null) set(ruleFor(question, value));
                  }}
                />
              </Table.Td>
              <Table.Td w={160}>
                <Limit rule={rule} name={`Limit of rule ${index + 1}`} onChange={set} />
              </Table.Td>
              <RemoveCell
                label={`Remove rule ${index + 1}`}
                onClick={() =>
                  edit(`removing rule ${index + 1}`, (own) => {
                    own.rules.splice(index, 1);
                  })
                }
              />
            </Table.Tr>
          );
        })}
      </EditTable>
      <Problems problems={designer.problems} at={["adjudication.rules"]} />
    </Part>
  );
}

const LIMITS = { difference: "more_than", distance: "more_than_mm", dice: "less_than" } as const;

interface LimitProps {
  rule: AdjudicationRule;
  name: string;
  onChange: (rule: AdjudicationRule) => void;
}

function Limit({ rule, name, onChange }: LimitProps) {
  if (!(rule.when in LIMITS)) {
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    );
  }
  const key = LIMITS[rule.when as keyof typeof LIMITS];
  return (
    <NumberInput
      aria-label={name}
      min={0}
      max={rule.when === "dice" ? 1 : undefined}
      step={rule.when === "dice" ? 0.05 : 0.5}
      value={rule[key] ?? ""}
      onChange={(value) => typeof value === "number" && value >= 0 && onChange({ ...rule, [key]: value })}
    />
  );
}

function WorkloadPart({ designer, adjudication }: SettingsProps) {
  const edit = useEdit(designer);
  const forecast = designer.answer?.adjudication ?? null;
  return (
    <Part
      title="Workload"
      help="The expectation before anything is read; the forecast follows what is seen as reading goes on."
    >
      <div className="rr-design-fields">
        <NumberInput
          label="Expected disagreement (%)"
          min={0}
          max={100}
          value={Math.round(adjudication.expected_discordance * 100)}
          onChange={(value) =>
            typeof value === "number" &&
            value >= 0 &&
            value <= 100 &&
            edit("the expected disagreement", (own) => {
              own.expected_discordance = value / 100;
            })
          }
        />
        <NumberInput
          label="Minutes for an item"
          min={0.5}
          max={240}
          step={0.5}
          value={adjudication.minutes_per_item}
          onChange={(value) =>
            typeof value === "number" &&
            value > 0 &&
            edit("the minutes for an item", (own) => {
              own.minutes_per_item = value;
            })
          }
        />
      </div>
      <Text size="sm" className="rr-tabular" role="status">
        {forecast === null
          ? "No forecast while a rule is not complete."
          : `About ${count(Math.round(forecast.items))} of ${count(forecast.panels)} comparisons need the adjudicator: ${forecast.hours.toFixed(1)} hours.`}
      </Text>
    </Part>
  );
}
