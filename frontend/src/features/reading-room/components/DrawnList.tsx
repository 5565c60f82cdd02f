import { ActionIcon, Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { hasUntouchedShortAxis } from "../../../viewer/mapping/bidirectional";
import type { Measurement } from "../api/read";
import styles from "../reading-room.module.css";

interface DrawnListProps {
  measurements: readonly Measurement[];
  help: string;
  isDisabled: boolean;
  onShow: (measurement: Measurement) => void;
  onFill: (uuid: string) => void;
  onRemove: (uuid: string) => void;
}

/** The measurements on the images, and which of them the form holds. */
export function DrawnList({ measurements, help, isDisabled, onShow, onFill, onRemove }: DrawnListProps) {
  return (
    <ul className={styles.drawn} aria-label="Drawn measurements">
      {measurements.length === 0 && (
        <li className={styles.drawnRow}>{help === "" ? "Press B and drag on the image." : `B: ${help}`}</li>
      )}
      {measurements.map((one) => (
        <li key={one.uuid} className={styles.drawnRow} data-filling={one.question !== null || undefined}>
          <button type="button" className={styles.drawnJump} onClick={() => onShow(one)}>
            Slice {one.frame}: {one.long_axis_mm.toFixed(1)} × {one.short_axis_mm.toFixed(1)} mm
          </button>
          {hasUntouchedShortAxis(one) && (
            <span
              className={styles.warning}
              title="One drag sets the long axis. Drag the ends of the short axis to the node's margins."
            >
              adjust short axis
            </span>
          )}
          {one.question === null && (
            <Button
              size="compact-xs"
              h={32}
              variant="subtle"
              disabled={isDisabled}
              onClick={() => onFill(one.uuid)}
            >
              Use
            </Button>
          )}
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
        </li>
      ))}
    </ul>
  );
}
