import { ActionIcon } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconCopy,
  IconGripVertical,
  IconTrash,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { Question } from "../../../shared/forms/types";
import styles from "../form-builder.module.css";
import { titleOfQuestion } from "../model/kinds";

interface QuestionRowProps {
  question: Question;
  place: number;
  count: number;
  startsSection: boolean;
  problemCount: number;
  isOpen: boolean;
  isDragged: boolean;
  readOnly: boolean;
  onToggle: () => void;
  onMove: (to: number) => void;
  onDuplicate: () => void;
  onRemove: () => void;
  onDragStart: () => void;
  onDragEnd: () => void;
  onDrop: () => void;
  /** The editor, while the question is open. */
  children: ReactNode;
}

/** One question in the list: what it asks, what can be done with it, and its editor below when it is open. */
export function QuestionRow(props: QuestionRowProps) {
  const { question, place, startsSection, problemCount, isOpen, isDragged, readOnly, onToggle } = props;
  const [isTarget, setTarget] = useState(false);
  const name = question.label || question.key;
  return (
    <li
      className={styles.item}
      data-open={isOpen || undefined}
      data-dragged={isDragged || undefined}
      data-target={isTarget || undefined}
      data-row={question.key}
      onDragOver={(event) => {
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => {
        event.preventDefault();
        setTarget(false);
        props.onDrop();
      }}
    >
      {startsSection && question.section && <p className={styles.section}>{question.section}</p>}
      <div className={styles.row}>
        {!readOnly && (
          // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse alone; the buttons move by keyboard
          <span
            className={styles.grip}
            draggable
            title="Drag to move"
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              event.dataTransfer.setData("text/plain", question.key);
              props.onDragStart();
            }}
            onDragEnd={props.onDragEnd}
          >
            <IconGripVertical size={16} stroke={1.6} aria-hidden />
          </span>
        )}
        <button type="button" className={styles.open} aria-expanded={isOpen} onClick={onToggle}>
          <span className={styles.number}>{place + 1}</span>
          <span className={styles.name}>
            <span className={styles.title}>{name}</span>
            <span className={styles.kind}>
              {titleOfQuestion(question)}
              {question.required && " · required"}
              {question.show_if !== undefined && " · conditional"}
            </span>
          </span>
          {problemCount > 0 && (
            <span className={styles.count} title={`${problemCount} to correct`}>
              {problemCount}
            </span>
          )}
          <IconChevronDown className={styles.chevron} size={16} stroke={1.6} aria-hidden />
        </button>
        {!readOnly && <RowActions name={name} {...props} />}
      </div>
      {isOpen && props.children}
    </li>
  );
}

type ActionsProps = Pick<QuestionRowProps, "place" | "count" | "onMove" | "onDuplicate" | "onRemove">;

function RowActions({ name, place, count, onMove, onDuplicate, onRemove }: ActionsProps & { name: string }) {
  const action = (label: string, Icon: typeof IconTrash, isOff: boolean, onClick: () => void) => (
    <ActionIcon
      size={32}
      variant="subtle"
      color="gray"
      aria-label={`${label}: ${name}`}
      title={label}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon size={16} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
  return (
    <div className={styles.actions}>
      {action("Move up", IconArrowUp, place === 0, () => onMove(place - 1))}
      {action("Move down", IconArrowDown, place === count - 1, () => onMove(place + 1))}
      {action("Duplicate", IconCopy, false, onDuplicate)}
      {action("Delete", IconTrash, false, onRemove)}
    </div>
  );
}
