import { NumberInput, SegmentedControl, Select, Switch, Table } from "@mantine/core";
import type { Hanging, HangingPane } from "../model/document";
import {
  GRIDS,
  type Grid,
  gridOf,
  type Look,
  lookOf,
  type WindowKind,
  windowKind,
  withGrid,
  withLook,
  withWindowKind,
} from "../model/hanging";
import type { Designer } from "../use-designer";
import { EditTable } from "./EditTable";
import styles from "./hanging.module.css";
import { Part } from "./Part";
import { Problems } from "./Problems";

const ANY = "*";
const NO_HANGING = "none";

interface LookChoice {
  value: Look;
  label: string;
}

const TAKEN: LookChoice[] = [
  { value: "stack", label: "As taken" },
  { value: "taken-axial", label: "Axial, as taken" },
  { value: "taken-sagittal", label: "Sagittal, as taken" },
  { value: "taken-coronal", label: "Coronal, as taken" },
];
const REFORMATTED: LookChoice[] = [
  { value: "axial", label: "Axial plane" },
  { value: "sagittal", label: "Sagittal plane" },
  { value: "coronal", label: "Coronal plane" },
];
const ACQUIRED: LookChoice = { value: "acquired", label: "Reformatted, as taken" };
const STARTS = [
  { value: "own", label: "Its own slice" },
  { value: "first", label: "First slice" },
  { value: "middle", label: "Middle slice" },
  { value: "last", label: "Last slice" },
] as const;
const WINDOWS: { value: WindowKind; label: string }[] = [
  { value: "own", label: "Its own" },
  { value: "percentiles", label: "Percentiles" },
  { value: "values", label: "Center, width" },
];

interface HangingPartProps {
  designer: Designer;
  roles: readonly { value: string; label: string }[];
}

/** The panes in which a case opens. */
export function HangingPart({ designer, roles }: HangingPartProps) {
  const { document, change, problems } = designer;
  const hanging = document.hanging ?? null;
  const setPane = (place: number, pane: HangingPane) =>
    change("a pane", (draft) => {
      if (draft.hanging) draft.hanging.panes[place] = pane;
    });
  return (
    <Part
      title="How the images hang"
      help="The panes in which a case opens: a series as it was taken, of any plane or of one, or a plane across its slices. Where a case has no such series its pane is left out and the others close up. Readers can change the layout at any time."
    >
      <SegmentedControl
        aria-label="Grid of panes"
        className={styles.grids}
        data={[
          { value: NO_HANGING, label: "Series shown first" },
          ...GRIDS.map((grid) => ({ value: grid as string, label: grid.replace("x", " × ") })),
        ]}
        value={hanging ? gridOf(hanging) : NO_HANGING}
        onChange={(grid) =>
          change("the panes", (draft) => {
            draft.hanging =
              grid === NO_HANGING ? null : withGrid(draft.hanging ?? null, grid as Grid, draft.primary_role);
          })
        }
      />
      {hanging && (
        <>
          <div className={styles.top}>
            <Preview hanging={hanging} />
            <Switch
              label="Panes go together by position"
              description="Scrolling one pane brings the others to the same place of the patient."
              checked={hanging.linked}
              disabled={hanging.panes.length < 2}
              onChange={(event) => {
                const isOn = event.currentTarget.checked;
                change("linked panes", (draft) => {
                  if (draft.hanging) draft.hanging.linked = isOn;
                });
              }}
            />
          </div>
          <EditTable heads={["Pane", "Sequence", "Shown", "Begins at", "Window"]}>
            {hanging.panes.map((pane, place) => (
              <PaneRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
                key={place}
                number={place + 1}
                pane={pane}
                roles={roles}
                onChange={(next) => setPane(place, next)}
              />
            ))}
          </EditTable>
        </>
      )}
      <Problems problems={problems} at={["hanging"]} />
    </Part>
  );
}

interface PaneRowProps {
  number: number;
  pane: HangingPane;
  roles: readonly { value: string; label: string }[];
  onChange: (pane: HangingPane) => void;
}

function PaneRow({ number, pane, roles, onChange }: PaneRowProps) {
  const look = lookOf(pane);
  const looks = [
    { group: "Series taken so", items: TAKEN },
    { group: "Across the slices", items: look === "acquired" ? [...REFORMATTED, ACQUIRED] : REFORMATTED },
  ];
  return (
    <Table.Tr data-hanging-pane={number}>
      <Table.Td className={styles.number}>{number}</Table.Td>
      <Table.Td>
        <Select
          aria-label={`Sequence of pane ${number}`}
          allowDeselect={false}
          w={152}
          data={[...roles, { value: ANY, label: "Any other series" }]}
          value={pane.role ?? ANY}
          onChange={(role) => onChange({ ...pane, role: role === ANY ? null : role })}
        />
      </Table.Td>
      <Table.Td>
        <Select
          aria-label={`How pane ${number} shows it`}
          allowDeselect={false}
          w={168}
          data={looks}
          value={look}
          onChange={(value) => onChange(withLook(pane, value as Look))}
        />
      </Table.Td>
      <Table.Td>
        <Select
          aria-label={`Where pane ${number} begins`}
          allowDeselect={false}
          w={128}
          data={pane.kind === "mpr" ? [{ value: "own", label: "Middle" }] : [...STARTS]}
          disabled={pane.kind === "mpr"}
          value={pane.start ?? "own"}
          onChange={(start) =>
            onChange({ ...pane, start: start === "own" ? null : (start as HangingPane["start"]) })
          }
        />
      </Table.Td>
      <Table.Td>
        <WindowFields number={number} pane={pane} onChange={onChange} />
      </Table.Td>
    </Table.Tr>
  );
}

function WindowFields({ number, pane, onChange }: Omit<PaneRowProps, "roles">) {
  const { window } = pane;
  return (
    <div className={styles.window}>
      <Select
        aria-label={`Window of pane ${number}`}
        allowDeselect={false}
        w={134}
        data={WINDOWS}
        value={windowKind(pane)}
        onChange={(kind) => onChange(withWindowKind(pane, kind as WindowKind))}
      />
      {window !== null && "low" in window && (
        <>
          <Value
            label={`Lower percentile of pane ${number}`}
            value={window.low}
            onChange={(low) => onChange({ ...pane, window: { ...window, low } })}
          />
          <Value
            label={`Upper percentile of pane ${number}`}
            value={window.high}
            onChange={(high) => onChange({ ...pane, window: { ...window, high } })}
          />
        </>
      )}
      {window !== null && "width" in window && (
        <>
          <Value
            label={`Center of the window of pane ${number}`}
            value={window.center}
            onChange={(center) => onChange({ ...pane, window: { ...window, center } })}
          />
          <Value
            label={`Width of the window of pane ${number}`}
            value={window.width}
            onChange={(width) => onChange({ ...pane, window: { ...window, width } })}
          />
        </>
      )}
    </div>
  );
}

function Value(props: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <NumberInput
      aria-label={props.label}
      hideControls
      w={64}
      value={props.value}
      onChange={(value) => {
        if (typeof value === "number") props.onChange(value);
      }}
    />
  );
}

/** The panes as they will stand, small. */
function Preview({ hanging: { rows, columns, panes } }: { hanging: Hanging }) {
  return (
    <div
      className={styles.preview}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
      }}
      role="img"
      aria-label={`${rows} by ${columns} panes: ${panes.map(({ role }) => role ?? "any other series").join(", ")}`}
    >
      {panes.map((pane, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
        <span key={place} data-plane={pane.plane ?? undefined}>
          <b>
            <i>{place + 1}</i> {pane.role ?? "any other"}
          </b>
          {pane.plane && <small>{pane.kind === "mpr" ? pane.plane : `${pane.plane}, as taken`}</small>}
        </span>
      ))}
    </div>
  );
}
