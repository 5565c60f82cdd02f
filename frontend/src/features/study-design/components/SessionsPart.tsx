import { ActionIcon, MultiSelect, Select, Switch, Table, TextInput, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { addSession, EVERY, type PlanRow, removeSession, type Session } from "../model/document";
import type { Designer } from "../use-designer";
import { AddButton, EditTable, RemoveCell } from "./EditTable";
import { Part } from "./Part";
import { Problems } from "./Problems";

export function SessionsPart({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  return (
    <Part
      title="Sessions"
      help="A row says who reads which cases in which arm. Two arms in one row are read one after the other within each case: commit, reveal, second commit."
      action={<AddButton label="Add session" onClick={() => change("a new session", addSession)} />}
    >
      {document.design.sessions.map((session, index) => (
        <SessionBlock key={session.ordinal} designer={designer} session={session} index={index} />
      ))}
      <Problems
        problems={problems}
        at={["design.sessions"]}
        except={(problem) =>
          problem.path.endsWith("washout_days") || problem.path.startsWith("design.sessions[")
        }
      />
    </Part>
  );
}

interface SessionBlockProps {
  designer: Designer;
  session: Session;
  index: number;
}

function SessionBlock({ designer, session, index }: SessionBlockProps) {
  const { document, change, problems } = designer;
  const name = `session ${session.ordinal}`;
  const edit = (label: string, apply: (own: Session) => void) =>
    change(`${label} of ${name}`, (draft) => {
      const own = draft.design.sessions[index];
      if (own !== undefined) apply(own);
    });
  return (
    <div className="rr-session">
      <div className="rr-session-head">
        <span className="rr-session-number">{session.ordinal}</span>
        <TextInput
          aria-label={`Title of ${name}`}
          maxLength={60}
          value={session.title}
          onChange={(event) => {
            const text = event.currentTarget.value;
            edit("the title", (own) => {
              own.title = text;
            });
          }}
        />
        <Switch
          label="Re-read"
          checked={session.is_reread ?? false}
          onChange={(event) => {
            const isOn = event.currentTarget.checked;
            edit("the re-read", (own) => {
              if (isOn) own.is_reread = true;
              else delete own.is_reread;
            });
          }}
        />
        <AddButton
          label="Add row"
          onClick={() =>
            edit("a row", (own) => {
              own.plan.push({
                group: EVERY,
                sequence: EVERY,
                case_set: document.design.case_sets[0]?.key ?? "",
                arms: document.design.arms.slice(0, 1).map((arm) => arm.key),
              });
            })
          }
        />
        <Tooltip label="Remove this session">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            disabled={document.design.sessions.length === 1}
            onClick={() => change(`removing ${name}`, (draft) => removeSession(draft, session.ordinal))}
            aria-label={`Remove ${name}`}
          >
            <IconTrash size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      <EditTable heads={["Group", "Sequence", "Cases", "Arms, in this order", ""]}>
        {session.plan.map((row, number) => (
          <RowEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
            key={number}
            designer={designer}
            row={row}
            name={`row ${number + 1} of ${name}`}
            onEdit={(values) =>
              edit(`row ${number + 1}`, (own) => {
                const target = own.plan[number];
                if (target !== undefined) Object.assign(target, values);
              })
            }
            onRemove={() =>
              edit(`removing row ${number + 1}`, (own) => {
                own.plan.splice(number, 1);
              })
            }
          />
        ))}
      </EditTable>
      <Problems
        problems={problems}
        at={[`design.sessions[${index}]`]}
        except={(problem) => problem.path.endsWith("washout_days")}
      />
    </div>
  );
}

interface RowEditorProps {
  designer: Designer;
  row: PlanRow;
  name: string;
  onEdit: (values: Partial<PlanRow>) => void;
  onRemove: () => void;
}

function RowEditor({ designer, row, name, onEdit, onRemove }: RowEditorProps) {
  const { arms, reader_groups, sequences, case_sets } = designer.document.design;
  return (
    <Table.Tr>
      <Table.Td w={150}>
        <Select
          aria-label={`Group, ${name}`}
          data={withEvery(reader_groups, "Every group")}
          allowDeselect={false}
          value={row.group}
          onChange={(group) => group !== null && onEdit({ group })}
        />
      </Table.Td>
      <Table.Td w={165}>
        <Select
          aria-label={`Sequence, ${name}`}
          data={withEvery(sequences, "Every sequence")}
          allowDeselect={false}
          value={row.sequence}
          onChange={(sequence) => sequence !== null && onEdit({ sequence })}
        />
      </Table.Td>
      <Table.Td w={150}>
        <Select
          aria-label={`Cases, ${name}`}
          data={case_sets.map((set) => ({ value: set.key, label: set.title || set.key }))}
          allowDeselect={false}
          value={row.case_set}
          onChange={(case_set) => case_set !== null && onEdit({ case_set })}
        />
      </Table.Td>
      <Table.Td>
        <MultiSelect
          aria-label={`Arms, ${name}`}
          data={arms.map((arm) => ({ value: arm.key, label: arm.title || arm.key }))}
          value={row.arms}
          onChange={(next) => next.length > 0 && onEdit({ arms: next })}
        />
      </Table.Td>
      <RemoveCell label={`Remove ${name}`} onClick={onRemove} />
    </Table.Tr>
  );
}

function withEvery(list: readonly { key: string; title: string }[], every: string) {
  return [
    { value: EVERY, label: every },
    ...list.map((one) => ({ value: one.key, label: one.title || one.key })),
  ];
}
