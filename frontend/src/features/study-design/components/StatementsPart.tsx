import { NativeSelect, Textarea, Title } from "@mantine/core";
import type { Problem } from "../api/protocol";
import { COLLECTIONS, STATEMENT_FIELDS, STATEMENT_MAX, state } from "../model/statements";
import type { Designer } from "../use-designer";
import { Part } from "./Part";
import { Problems } from "./Problems";

const COLLECTION = "data_collection";

/** What the protocol says for the report and nothing is computed from. Every field may stay empty. */
export function StatementsPart({ designer }: { designer: Designer }) {
  const own = designer.document.statements ?? {};
  function keep(key: string, label: string, text: string) {
    designer.change(`the statement: ${label}`, (draft) => state(draft, key, text));
  }
  return (
    <Part
      title="Statements for the report"
      help="Sentences that fill the reporting checklists after the lock. Every field may stay empty. No names, and no days: a text with a date stays out of the data."
    >
      <NativeSelect
        label="Data"
        description="Whether the cases were collected for the study."
        maw={360}
        value={own[COLLECTION] ?? ""}
        data={[{ value: "", label: "Not stated" }, ...COLLECTIONS]}
        onChange={(event) => keep(COLLECTION, "Data", event.currentTarget.value)}
      />
      {STATEMENT_FIELDS.map(({ title, fields }) => (
        <fieldset key={title} className="rr-plan-group">
          <legend>
            <Title order={3}>{title}</Title>
          </legend>
          <div className="rr-design-fields">
            {fields.map(({ key, label, help }) => (
              <div key={key}>
                <Textarea
                  label={label}
                  description={help}
                  autosize
                  minRows={1}
                  maxRows={6}
                  maxLength={STATEMENT_MAX}
                  value={own[key] ?? ""}
                  onChange={(event) => keep(key, label, event.currentTarget.value)}
                />
                <Problems
                  problems={designer.problems}
                  at={[`statements.${key}`]}
                  except={(problem: Problem) => problem.path !== `statements.${key}`}
                />
              </div>
            ))}
          </div>
        </fieldset>
      ))}
    </Part>
  );
}
