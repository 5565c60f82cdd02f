import { Button, Group, Modal, Stack, Text, Textarea, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { Answers } from "../../../shared/forms/types";
import type { OpenRead } from "../api/read";
import { submitWords } from "../model/submit-words";
import styles from "../reading-room.module.css";
import { useDialog } from "../second-window/use-dialog";

interface SubmitDialogProps {
  read: OpenRead;
  answers: Answers;
  isOpen: boolean;
  /** It stays until the next case stands in its place, or the submission has failed. */
  isSubmitting: boolean;
  /** `reason` is empty but for a correction. */
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

/** Asks once, with what is about to be locked. */
export function SubmitDialog(props: SubmitDialogProps) {
  const { read, answers, isOpen, isSubmitting, onConfirm } = props;
  const [reason, setReason] = useState("");
  const words = submitWords(read);
  const onClose = () => {
    if (!isSubmitting) props.onClose();
  };
  const dialog = useDialog(isOpen, onClose);
  const isCorrection = read.status === "reopened";
  // A question that was not asked of this case has nothing to sum up.
  const scales = read.form.questions
    .filter((question) => question.kind === "location" || question.kind === "ordinal")
    .filter((question) => question.show_if === undefined || answers[question.key] !== undefined);
  return (
    <Modal
      key={dialog.key}
      opened={isOpen}
      onClose={onClose}
      title={words.title}
      size="sm"
      lockScroll={false}
      // What comes next is not to wait for a dialog that fades.
      transitionProps={{ duration: 0 }}
      // The second half of a double click on Submit falls beside the dialog, and must not close it again.
      closeOnClickOutside={false}
      styles={{ header: { background: "transparent" } }}
      {...dialog.props}
    >
      <Stack gap="md">
        <dl className={styles.summary}>
          {scales.map((question) => {
            const option = question.options.find(({ value }) => value === answers[question.key]);
            return (
              <div key={question.key} style={{ display: "contents" }}>
                <dt>{question.section ? `${question.section}: ${question.label}` : question.label}</dt>
                <dd>
                  {question.kind === "ordinal" && option && `${option.value} `}
                  {option?.label ?? "–"}
                </dd>
              </div>
            );
          })}
        </dl>
        {isCorrection && (
          <Textarea
            label="What is corrected, and why"
            required
            autosize
            minRows={2}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
        )}
        <Text size="sm">{words.detail}</Text>
        <Group justify="flex-end">
          <VisuallyHidden role="status">{isSubmitting && "Submitting…"}</VisuallyHidden>
          <Button variant="default" onClick={onClose} disabled={isSubmitting}>
            Back to the case
          </Button>
          <Button
            onClick={() => {
              if (!isSubmitting) onConfirm(reason.trim());
            }}
            aria-disabled={isSubmitting}
            disabled={isCorrection && reason.trim() === ""}
            data-autofocus={isCorrection ? undefined : true}
            className={styles.confirm}
          >
            {isSubmitting ? "Submitting…" : words.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
