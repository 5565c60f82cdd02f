import { ActionIcon, Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { hasUntouchedShortAxis } from "../../../viewer/mapping/bidirectional";
import type { DrawingTarget } from "../../../viewer/types";
import type { Measurement } from "../api/read";
import type { Difference } from "../model/notes";
import styles from "../reading-room.module.css";
import { Differences } from "./NoteList";

interface DrawnListProps {
  measurements: readonly Measurement[];
  help: string;
  /** Questions that are drawn for; the pairs of axes among them are offered here. */
  targets: readonly DrawingTarget[];
  /** The question that the viewer draws for now. */
  armed: string | null;
  isDisabled: boolean;
  onArm: (question: string) => void;
  onShow: (measurement: Measurement) => void;
  onFill: (uuid: string, question: string) => void;
  onRemove: (uuid: string) => void;
  differences: readonly Difference[];
}

/** The measurements on the images, and which of them the form holds. */
export function DrawnList(props: DrawnListProps) {
  const { measurements, help, targets, armed, isDisabled, onArm, onShow, onFill, onRemove } = props;
  const pairs = targets.filter(({ tool }) => tool === "bidirectional");
  const filled = (question: string | null) => pairs.find((pair) => pair.question === question)?.label;
  return (
    <ul className={styles.drawn} aria-label="Drawn measurements">
      {pairs.length > 1 && (
        <li className={styles.drawnRow}>
          <span>Measure</span>
          {pairs.map(({ question, label }) => (
            <Button
              key={question}
              size="compact-xs"
              h={32}
              variant={armed === question ? "light" : "default"}
              aria-pressed={armed === question}
              disabled={isDisabled}
              onClick={() => onArm(question)}
            >
              {label}
            </Button>
          ))}
        </li>
      )}
      {measurements.length === 0 && (
        <li className={styles.drawnRow}>{help === "" ? "Press B and drag on the image." : `B: ${help}`}</li>
      )}
      {measurements.map((one) => (
        <li key={one.uuid} className={styles.drawnRow} data-filling={one.question !== null || undefined}>
          <button type="button" className={styles.drawnJump} onClick={() => onShow(one)}>
            Slice {one.frame}: {one.long_axis_mm.toFixed(1)} × {one.short_axis_mm.toFixed(1)} mm
            {pairs.length > 1 && one.question !== null && ` · ${filled(one.question) ?? ""}`}
          </button>
          {hasUntouchedShortAxis(one) && (
            <span
              className={styles.warning}
              title="One drag sets the long axis. Drag the ends of the short axis to the node's margins."
            >
              adjust short axis
            </span>
          )}
          {one.question === null &&
            pairs.map(({ question, label }) => (
              <Button
                key={question}
                size="compact-xs"
                h={32}
                variant="subtle"
                disabled={isDisabled}
                onClick={() => onFill(one.uuid, question)}
              >
                {pairs.length > 1 ? `Use for ${label}` : "Use"}
              </Button>
            ))}
          <ActionIcon
            size={32}
            variant="subtle"
            color="gray"
            aria-label={`Delete the measurement on slice ${one.frame}`}
            disabled={isDisabled}
            onClick={() => onRemove(one.uuid)}
          >
            <IconTrash size={16} stroke={1.6} aria-hidden />
          </ActionIcon>
          <Differences of={one.uuid} differences={props.differences} />
        </li>
      ))}
    </ul>
  );
}
