import { ActionIcon, NativeSelect } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { slicesOf, volumeMl } from "../computed";
import type { Contour, DrawnFieldProps, DrawnPlace, Mark } from "../drawn";
import type { QuestionOf } from "../types";
import { DrawHead } from "./DrawHead";
import { FieldGroup } from "./Field";
import styles from "./forms.module.css";

interface Props<K extends "mark" | "mask"> {
  question: QuestionOf<K>;
  problem: string | undefined;
  isRequired: boolean;
  isDisabled: boolean;
  /** Null where there are no images: the question is shown, nothing is drawn. */
  drawing: DrawnFieldProps | null;
}

/** The marks that the reader set, each with its rating. */
export function MarkField({ question, problem, isRequired, isDisabled, drawing }: Props<"mark">) {
  const marks = drawing?.drawn.marks.filter((mark) => mark.question === question.key) ?? [];
  const most = question.max_marks;
  const count = marks.length === 1 ? "1 mark" : `${marks.length} marks`;
  return (
    <FieldGroup question={question} problem={problem} isRequired={isRequired}>
      <DrawHead
        question={question}
        drawing={drawing}
        isDisabled={isDisabled || (most !== undefined && marks.length >= most)}
        text={most === undefined ? count : `${count} of at most ${most}`}
        word="Mark"
      />
      {drawing && marks.length > 0 && (
        <ul className={styles.drawn} aria-label={`Marks: ${question.label}`}>
          {marks.map((mark, place) => (
            <DrawnRow
              key={mark.uuid}
              place={mark}
              name={`Mark ${place + 1}`}
              isDisabled={isDisabled}
              drawing={drawing}
            >
              {question.options && question.options.length > 0 && (
                <MarkRating
                  question={question}
                  mark={mark}
                  name={`Rating of mark ${place + 1}`}
                  isDisabled={isDisabled}
                  onRate={drawing.onRate}
                />
              )}
            </DrawnRow>
          ))}
        </ul>
      )}
    </FieldGroup>
  );
}

interface RatingProps {
  question: QuestionOf<"mark">;
  mark: Mark;
  name: string;
  isDisabled: boolean;
  onRate: DrawnFieldProps["onRate"];
}

function MarkRating({ question, mark, name, isDisabled, onRate }: RatingProps) {
  const options = question.options ?? [];
  return (
    <NativeSelect
      aria-label={name}
      size="xs"
      w={168}
      value={mark.rating === null ? "" : String(mark.rating)}
      error={mark.rating === null}
      disabled={isDisabled}
      data={[
        { value: "", label: "Rate this mark", disabled: true },
        ...options.map(({ value, label }) => ({
          value: String(value),
          label: typeof value === "number" ? `${value} ${label}` : label,
        })),
      ]}
      onChange={(event) => {
        const option = options.find(({ value }) => String(value) === event.currentTarget.value);
        onRate(mark.uuid, option?.value ?? null);
      }}
    />
  );
}

/** The outlines that the reader drew, slice by slice. */
export function MaskField({ question, problem, isRequired, isDisabled, drawing }: Props<"mask">) {
  const contours = drawing?.drawn.contours.filter((contour) => contour.question === question.key) ?? [];
  const inOrder = [...contours].sort((a, b) => a.series - b.series || a.frame - b.frame);
  return (
    <FieldGroup question={question} problem={problem} isRequired={isRequired}>
      <DrawHead
        question={question}
        drawing={drawing}
        isDisabled={isDisabled}
        text={maskText(contours)}
        word="Draw"
      />
      {drawing && inOrder.length > 0 && (
        <ul className={styles.drawn} aria-label={`Outlines: ${question.label}`}>
          {inOrder.map((contour) => (
            <DrawnRow
              key={contour.uuid}
              place={contour}
              name={`${contour.area_mm2.toFixed(0)} mm²`}
              isDisabled={isDisabled}
              drawing={drawing}
            />
          ))}
        </ul>
      )}
    </FieldGroup>
  );
}

function maskText(contours: readonly Contour[]): string {
  const slices = slicesOf(contours).length;
  if (slices === 0) return "Nothing drawn";
  const words = slices === 1 ? "1 slice" : `${slices} slices`;
  const volume = volumeMl(contours);
  return volume === null ? words : `${words}, ${volume.toFixed(2)} ml`;
}

interface RowProps {
  place: DrawnPlace;
  name: string;
  isDisabled: boolean;
  drawing: DrawnFieldProps;
  children?: ReactNode;
}

function DrawnRow({ place, name, isDisabled, drawing, children }: RowProps) {
  return (
    <li className={styles.drawnRow}>
      <button type="button" className={styles.drawnJump} onClick={() => drawing.onShow(place)}>
        Slice {place.frame}: {name}
      </button>
      {children}
      <ActionIcon
        size={32}
        variant="subtle"
        color="gray"
        aria-label={`Delete ${name} on slice ${place.frame}`}
        disabled={isDisabled}
        onClick={() => drawing.onRemove(place.uuid)}
      >
        <IconTrash size={16} stroke={1.6} aria-hidden />
      </ActionIcon>
    </li>
  );
}
