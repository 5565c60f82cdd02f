import { Checkbox, Group, SegmentedControl, Switch, Table, Text } from "@mantine/core";
import type { Designer } from "../use-designer";
import { Line, Part } from "./Part";
import { Problems } from "./Problems";
import { WholeNumber } from "./WholeNumber";

export function OrderSection({ designer }: { designer: Designer }) {
  return (
    <>
      <WashoutPart designer={designer} />
      <OrderPart designer={designer} />
      <RepeatsPart designer={designer} />
      <SittingsPart designer={designer} />
    </>
  );
}

function WashoutPart({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  return (
    <Part
      title="Washout"
      help="The time between two reads of the same case by the same reader, in days of 24 hours. The server opens no case earlier."
    >
      <Line label="Counted from">
        <SegmentedControl
          data={[
            { value: "read", label: "Each case's own last read" },
            { value: "session", label: "The end of the session before" },
          ]}
          value={document.washout.count_from}
          onChange={(value) =>
            change("how the washout counts", (draft) => {
              draft.washout.count_from = value === "session" ? "session" : "read";
            })
          }
        />
      </Line>
      <div className="rr-table-frame">
        <Table verticalSpacing="xs" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Session</Table.Th>
              <Table.Th scope="col" w={220}>
                Washout before it (days)
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {document.design.sessions.map((session, index) => (
              <Table.Tr key={session.ordinal}>
                <Table.Th scope="row">{session.title || `Session ${session.ordinal}`}</Table.Th>
                <Table.Td>
                  {index === 0 && session.washout_days === 0 ? (
                    <Text size="sm" c="dimmed">
                      Nothing is read before it
                    </Text>
                  ) : (
                    <WholeNumber
                      aria-label={`Washout before ${session.title}, in days`}
                      min={0}
                      max={3650}
                      value={session.washout_days}
                      onChange={(value) =>
                        change(`the washout of ${session.title}`, (draft) => {
                          const own = draft.design.sessions[index];
                          if (own !== undefined) own.washout_days = value;
                        })
                      }
                    />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Problems
        problems={problems}
        at={["design.sessions", "washout"]}
        except={(problem) => problem.path.startsWith("design") && !problem.path.endsWith("washout_days")}
      />
    </Part>
  );
}

function OrderPart({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  return (
    <Part title="Order of the cases" help={document.case_order.rule}>
      <Switch
        label="Spread positive and negative cases evenly over the order"
        description="Needs the reference standard of every case before the freeze. Readers cannot infer it."
        checked={document.case_order.balance === "prevalence"}
        onChange={(event) => {
          const isOn = event.currentTarget.checked;
          change("the balance of the order", (draft) => {
            draft.case_order.balance = isOn ? "prevalence" : null;
          });
        }}
      />
      <Problems problems={problems} at={["case_order"]} />
    </Part>
  );
}

function RepeatsPart({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  const repeats = document.hidden_repeats;
  return (
    <Part
      title="Hidden repeats"
      help="Some cases come a second time in the same session under another name, to measure how far readers agree with their own first answers."
    >
      <Switch
        label="Repeat cases unseen"
        checked={repeats !== null}
        onChange={(event) => {
          const isOn = event.currentTarget.checked;
          change("hidden repeats", (draft) => {
            const first = draft.design.sessions[0]?.ordinal ?? 1;
            draft.hidden_repeats = isOn ? { count: 5, min_lag: 10, sessions: [first] } : null;
          });
        }}
      />
      {repeats !== null && (
        <>
          <div className="rr-design-fields">
            <WholeNumber
              label="Cases repeated per session"
              min={1}
              max={1000}
              value={repeats.count}
              onChange={(value) =>
                change("the number of repeats", (draft) => {
                  if (draft.hidden_repeats !== null) draft.hidden_repeats.count = value;
                })
              }
            />
            <WholeNumber
              label="Other cases in between, at least"
              min={1}
              max={10000}
              value={repeats.min_lag}
              onChange={(value) =>
                change("the lag of repeats", (draft) => {
                  if (draft.hidden_repeats !== null) draft.hidden_repeats.min_lag = value;
                })
              }
            />
          </div>
          <Checkbox.Group
            label="In these sessions"
            value={repeats.sessions.map(String)}
            onChange={(values) =>
              change("the sessions with repeats", (draft) => {
                if (draft.hidden_repeats !== null)
                  draft.hidden_repeats.sessions = values.map(Number).sort((a, b) => a - b);
              })
            }
          >
            <Group gap="lg" mt={6}>
              {document.design.sessions.map((session) => (
                <Checkbox key={session.ordinal} value={String(session.ordinal)} label={session.title} />
              ))}
            </Group>
          </Checkbox.Group>
        </>
      )}
      <Problems problems={problems} at={["hidden_repeats"]} />
    </Part>
  );
}

function SittingsPart({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  const { sittings } = document;
  return (
    <Part title="Sittings and signature" help="After a full sitting the next case opens only after a break.">
      <div className="rr-design-fields">
        <WholeNumber
          label="Cases in a sitting, at most"
          placeholder="No limit"
          min={1}
          max={1000}
          value={sittings.max_cases}
          onEmpty={() =>
            change("the cases of a sitting", (draft) => {
              draft.sittings.max_cases = null;
            })
          }
          onChange={(value) =>
            change("the cases of a sitting", (draft) => {
              draft.sittings.max_cases = value;
            })
          }
        />
        <WholeNumber
          label="Minutes of a sitting, at most"
          placeholder="No limit"
          min={5}
          max={1440}
          value={sittings.max_minutes}
          onEmpty={() =>
            change("the length of a sitting", (draft) => {
              draft.sittings.max_minutes = null;
            })
          }
          onChange={(value) =>
            change("the length of a sitting", (draft) => {
              draft.sittings.max_minutes = value;
            })
          }
        />
        <WholeNumber
          label="Break (minutes)"
          min={0}
          max={1440}
          value={sittings.break_minutes}
          onChange={(value) =>
            change("the break", (draft) => {
              draft.sittings.break_minutes = value;
            })
          }
        />
      </div>
      <Switch
        label="Every reader signs each session at its end"
        description="With the password, and what the signature means in words."
        checked={document.signature}
        onChange={(event) => {
          const isOn = event.currentTarget.checked;
          change("the signature", (draft) => {
            draft.signature = isOn;
          });
        }}
      />
      <Problems problems={problems} at={["sittings"]} />
    </Part>
  );
}
