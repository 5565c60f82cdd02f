import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { IconEye, IconEyeOff, IconPlus, IconTrash } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { DrawnFieldProps, PaintedOn, Segment, SegmentActions } from "../drawn";
import { segmentSize, segmentWords } from "../segment-words";
import type { QuestionOf } from "../types";
import { DrawHead } from "./DrawHead";
import { FieldGroup } from "./Field";
import styles from "./forms.module.css";

interface VoxelMaskFieldProps {
  question: QuestionOf<"mask">;
  problem: string | undefined;
  isRequired: boolean;
  isDisabled: boolean;
  /** Null where there are no images: the question is shown, nothing is drawn. */
  drawing: DrawnFieldProps | null;
}

type OnScreen = Segment & { painted: PaintedOn };

/** The segments that the reader painted, each with its words, its sizes and what can be done with it. */
export function VoxelMaskField({ question, problem, isRequired, isDisabled, drawing }: VoxelMaskFieldProps) {
  const own = (drawing?.drawn.segments ?? []).filter(
    (one): one is OnScreen => one.question === question.key && one.painted !== undefined,
  );
  const actions = drawing?.segments;
  return (
    <FieldGroup question={question} problem={problem} isRequired={isRequired}>
      <DrawHead
        question={question}
        drawing={drawing}
        isDisabled={isDisabled}
        text={
          own.length === 0 ? "Nothing painted" : own.length === 1 ? "1 segment" : `${own.length} segments`
        }
        word="Paint"
      />
      {actions && own.length > 0 && (
        <ul className={styles.segments} aria-label={`Segments: ${question.label}`}>
          {own.map((segment, place) => (
            <SegmentRow
              key={segment.painted.id}
              segment={segment}
              name={`Segment ${place + 1}`}
              question={question}
              isMissed={problem !== undefined}
              isDisabled={isDisabled}
              actions={actions}
            />
          ))}
        </ul>
      )}
      {actions && drawing?.isArmed && own.length > 0 && (
        <Button
          size="compact-xs"
          h={28}
          variant="subtle"
          leftSection={<IconPlus size={14} stroke={1.8} aria-hidden />}
          disabled={isDisabled}
          onClick={() => actions.onNewSegment(question.key)}
        >
          New segment with the next stroke
        </Button>
      )}
    </FieldGroup>
  );
}

interface RowProps {
  segment: OnScreen;
  name: string;
  question: QuestionOf<"mask">;
  /** Whether a word that is open was asked for in vain. */
  isMissed: boolean;
  isDisabled: boolean;
  actions: SegmentActions;
}

function SegmentRow({ segment, name, question, isMissed, isDisabled, actions }: RowProps) {
  const { id, color, isActive, isVisible, isBorderline } = segment.painted;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView?.({ block: "nearest" });
  }, [isActive]);
  const hasWords = (question.labels?.length ?? 0) + (question.statuses?.length ?? 0) > 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    actions.onDone();
  };
  return (
    <li ref={row} className={styles.segment} data-segment={id} data-active={isActive || undefined}>
      <ActionIcon
        size={28}
        variant="subtle"
        color="gray"
        aria-label={`Show ${name}`}
        aria-pressed={isVisible}
        onClick={() => actions.onToggleVisible(id)}
      >
        {isVisible ? (
          <IconEye size={16} stroke={1.6} aria-hidden />
        ) : (
          <IconEyeOff size={16} stroke={1.6} aria-hidden />
        )}
      </ActionIcon>
      <span className={styles.swatch} style={{ background: color }} aria-hidden />
      <button
        type="button"
        className={styles.drawnJump}
        aria-label={`${name}, ${segmentWords(segment, question)}`}
        aria-current={isActive || undefined}
        onClick={() => actions.onChoose(segment)}
      >
        {segmentSize(segment)}
      </button>
      <ActionIcon
        size={28}
        variant="subtle"
        color="gray"
        aria-label={`Delete ${name}`}
        disabled={isDisabled}
        onClick={() => actions.onRemoveSegment(id)}
      >
        <IconTrash size={16} stroke={1.6} aria-hidden />
      </ActionIcon>
      {isBorderline && question.cut_off_mm !== undefined && (
        <p className={styles.borderline}>
          Borderline: the short axis lies within a pixel of {question.cut_off_mm} mm.
        </p>
      )}
      {hasWords && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Enter in one of the lists goes back to the image
        <div className={styles.segmentWords} onKeyDown={onKeyDown}>
          <Word
            name={`Label of ${name}`}
            open="Label"
            words={question.labels ?? []}
            value={segment.label}
            isMissed={isMissed}
            isDisabled={isDisabled}
            onChoose={(label) => actions.onName(id, { label })}
          />
          <Word
            name={`Status of ${name}`}
            open="Status"
            words={question.statuses ?? []}
            value={segment.status}
            isMissed={isMissed}
            isDisabled={isDisabled}
            onChoose={(status) => actions.onName(id, { status })}
          />
        </div>
      )}
    </li>
  );
}

interface WordProps {
  name: string;
  open: string;
  words: readonly { key: string; label: string }[];
  value: string | null;
  isMissed: boolean;
  isDisabled: boolean;
  onChoose: (key: string) => void;
}

function Word({ name, open, words, value, isMissed, isDisabled, onChoose }: WordProps) {
  if (words.length === 0) return null;
  return (
    <NativeSelect
      aria-label={name}
      size="xs"
      flex={1}
      value={value ?? ""}
      error={isMissed && value === null}
      disabled={isDisabled}
      data={[
        { value: "", label: open, disabled: true },
        ...words.map(({ key, label }) => ({ value: key, label })),
      ]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}
