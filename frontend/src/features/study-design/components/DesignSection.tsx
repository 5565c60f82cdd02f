import { MultiSelect, Select, Table, TagsInput, TextInput } from "@mantine/core";
import { type CaseSet, caseSetOf, freeKey, removePart } from "../model/document";
import type { Designer } from "../use-designer";
import { AddButton, EditTable, RemoveCell } from "./EditTable";
import { Part } from "./Part";
import { PatternPicker } from "./PatternPicker";
import { Problems } from "./Problems";
import { SessionsPart } from "./SessionsPart";
import { useCaseLabels } from "./use-case-labels";
import { WholeNumber } from "./WholeNumber";

export function DesignSection({ designer }: { designer: Designer }) {
  return (
    <>
      {!designer.isReadOnly && (
        <Part title="Reading design" help="Choose one to begin with; every part of it can be changed below.">
          <PatternPicker designer={designer} />
        </Part>
      )}
      <ArmsPart designer={designer} />
      <SessionsPart designer={designer} />
      <div className="rr-design-pair">
        <NamesPart
          designer={designer}
          part="reader_groups"
          title="Groups of readers"
          help="Readers are placed in a group at the freeze, by chance and evenly, unless they were given one by hand."
          prefix="g"
          word="group"
        />
        <NamesPart
          designer={designer}
          part="sequences"
          title="Sequences"
          help="Within a group the readers are dealt evenly to the sequences."
          prefix="s"
          word="sequence"
        />
      </div>
      <CaseSetsPart designer={designer} />
    </>
  );
}

function ArmsPart({ designer }: { designer: Designer }) {
  const { document, change, protocol, problems } = designer;
  const models = [
    { value: "", label: "No model" },
    ...protocol.models.map((model) => ({ value: model.id, label: `${model.id} ${model.semver}` })),
  ];
  return (
    <Part
      title="Arms"
      help="A reading condition: what a reader is shown beside the images."
      action={
        <AddButton
          label="Add arm"
          onClick={() =>
            change("a new arm", (draft) => {
              const key = freeKey("arm", draft.design.arms);
              draft.design.arms.push({ key, title: `Arm ${draft.design.arms.length + 1}`, model_id: "" });
            })
          }
        />
      }
    >
      <EditTable heads={["Title", "Model shown", ""]}>
        {document.design.arms.map((arm, index) => (
          <Table.Tr key={arm.key}>
            <Table.Td>
              <div className="rr-arm-name">
                <span className={`rr-arm-swatch rr-arm-${Math.min(index, 3)}`} />
                <TextInput
                  aria-label={`Title of arm ${index + 1}`}
                  maxLength={60}
                  value={arm.title}
                  onChange={(event) => {
                    const text = event.currentTarget.value;
                    change(`the title of arm ${index + 1}`, (draft) => {
                      const own = draft.design.arms[index];
                      if (own !== undefined) own.title = text;
                    });
                  }}
                />
              </div>
            </Table.Td>
            <Table.Td>
              <Select
                aria-label={`Model of arm ${index + 1}`}
                data={
                  models.some((model) => model.value === arm.model_id)
                    ? models
                    : [...models, { value: arm.model_id, label: `${arm.model_id} (not registered)` }]
                }
                allowDeselect={false}
                value={arm.model_id}
                onChange={(value) =>
                  change(`the model of ${arm.title}`, (draft) => {
                    const own = draft.design.arms[index];
                    if (own !== undefined) own.model_id = value ?? "";
                  })
                }
              />
            </Table.Td>
            <RemoveCell
              label={`Remove the arm ${arm.title}`}
              disabled={document.design.arms.length === 1}
              onClick={() => change(`removing ${arm.title}`, (draft) => removePart(draft, "arms", arm.key))}
            />
          </Table.Tr>
        ))}
      </EditTable>
      <Problems problems={problems} at={["design.arms"]} />
    </Part>
  );
}

interface NamesPartProps {
  designer: Designer;
  part: "reader_groups" | "sequences";
  title: string;
  help: string;
  prefix: string;
  word: string;
}

function NamesPart({ designer, part, title, help, prefix, word }: NamesPartProps) {
  const { document, change, problems } = designer;
  const list = document.design[part];
  const at = part === "reader_groups" ? ["design.reader_groups", "readers"] : ["design.sequences"];
  return (
    <Part
      title={title}
      help={help}
      action={
        <AddButton
          label={`Add ${word}`}
          onClick={() =>
            change(`a new ${word}`, (draft) => {
              const own = draft.design[part];
              own.push({
                key: freeKey(prefix, own),
                title: `${word === "group" ? "Group" : "Sequence"} ${own.length + 1}`,
              });
            })
          }
        />
      }
    >
      <EditTable heads={["Title", ""]}>
        {list.map((one, index) => (
          <Table.Tr key={one.key}>
            <Table.Td>
              <TextInput
                aria-label={`Title of ${word} ${index + 1}`}
                maxLength={60}
                value={one.title}
                onChange={(event) => {
                  const text = event.currentTarget.value;
                  change(`the title of ${word} ${index + 1}`, (draft) => {
                    const own = draft.design[part][index];
                    if (own !== undefined) own.title = text;
                  });
                }}
              />
            </Table.Td>
            <RemoveCell
              label={`Remove the ${word} ${one.title}`}
              disabled={list.length === 1}
              onClick={() => change(`removing ${one.title}`, (draft) => removePart(draft, part, one.key))}
            />
          </Table.Tr>
        ))}
      </EditTable>
      <Problems problems={problems} at={at} />
    </Part>
  );
}

const HOWS = [
  { value: "all", label: "All cases" },
  { value: "list", label: "These cases" },
  { value: "random", label: "At random" },
  { value: "part", label: "A part of all" },
  { value: "center", label: "By center" },
  { value: "cohort", label: "By cohort" },
];

function CaseSetsPart({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  const sets = document.design.case_sets;
  return (
    <Part
      title="Case sets"
      help="Random sets and parts are drawn once, at the freeze, and kept with their seed."
      action={
        <AddButton
          label="Add case set"
          onClick={() =>
            change("a new case set", (draft) => {
              const own = draft.design.case_sets;
              own.push({ key: freeKey("set", own), title: `Set ${own.length + 1}`, how: "all" });
            })
          }
        />
      }
    >
      <EditTable heads={["Title", "Which cases", "", ""]}>
        {sets.map((set, index) => (
          <Table.Tr key={set.key}>
            <Table.Td>
              <TextInput
                aria-label={`Title of case set ${index + 1}`}
                maxLength={60}
                value={set.title}
                onChange={(event) => {
                  const text = event.currentTarget.value;
                  change(`the title of case set ${index + 1}`, (draft) => {
                    const own = draft.design.case_sets[index];
                    if (own !== undefined) own.title = text;
                  });
                }}
              />
            </Table.Td>
            <Table.Td w={170}>
              <Select
                aria-label={`How ${set.title} is selected`}
                data={HOWS}
                allowDeselect={false}
                value={set.how}
                onChange={(value) =>
                  change(`the selection of ${set.title}`, (draft) => {
                    draft.design.case_sets[index] = caseSetOf(set, (value ?? "all") as CaseSet["how"]);
                  })
                }
              />
            </Table.Td>
            <Table.Td>
              <CaseSetDetail designer={designer} set={set} index={index} />
            </Table.Td>
            <RemoveCell
              label={`Remove the case set ${set.title}`}
              disabled={sets.length === 1}
              onClick={() =>
                change(`removing ${set.title}`, (draft) => removePart(draft, "case_sets", set.key))
              }
            />
          </Table.Tr>
        ))}
      </EditTable>
      <Problems problems={problems} at={["design.case_sets"]} />
    </Part>
  );
}

interface CaseSetDetailProps {
  designer: Designer;
  set: CaseSet;
  index: number;
}

function CaseSetDetail({ designer, set, index }: CaseSetDetailProps) {
  const labels = useCaseLabels(designer);
  const edit = (values: Partial<CaseSet>) =>
    designer.change(`the cases of ${set.title}`, (draft) => {
      const own = draft.design.case_sets[index];
      if (own !== undefined) Object.assign(own, values);
    });
  switch (set.how) {
    case "random":
      return (
        <WholeNumber
          aria-label={`Number of cases in ${set.title}`}
          suffix=" cases"
          min={1}
          max={20000}
          value={set.n ?? 1}
          onChange={(n) => edit({ n })}
        />
      );
    case "part":
      return (
        <div className="rr-design-parts">
          <WholeNumber
            aria-label={`Which part is ${set.title}`}
            prefix="part "
            min={1}
            max={100}
            value={set.part ?? 1}
            onChange={(part) => edit({ part })}
          />
          <WholeNumber
            aria-label={`Into how many parts, for ${set.title}`}
            prefix="of "
            min={1}
            max={100}
            value={set.of ?? 2}
            onChange={(of) => edit({ of })}
          />
        </div>
      );
    case "center":
      return (
        <MultiSelect
          aria-label={`Centers of ${set.title}`}
          placeholder={set.centers?.length ? "" : "Choose centers"}
          data={merged(labels.centers, set.centers)}
          value={set.centers ?? []}
          onChange={(centers) => edit({ centers })}
        />
      );
    case "cohort":
      return (
        <MultiSelect
          aria-label={`Cohorts of ${set.title}`}
          placeholder={set.cohorts?.length ? "" : "Choose cohorts"}
          data={merged(labels.cohorts, set.cohorts)}
          value={set.cohorts ?? []}
          onChange={(cohorts) => edit({ cohorts })}
        />
      );
    case "list":
      return (
        <TagsInput
          aria-label={`Cases of ${set.title}`}
          placeholder={set.cases?.length ? "" : "Choose or paste case numbers"}
          data={labels.numbers}
          splitChars={[",", " ", ";", "\n"]}
          maxDropdownHeight={220}
          value={set.cases ?? []}
          onChange={(cases) => edit({ cases })}
        />
      );
    default:
      return null;
  }
}

function merged(known: readonly string[], chosen: readonly string[] | undefined): string[] {
  return [...new Set([...known, ...(chosen ?? [])])].sort();
}
