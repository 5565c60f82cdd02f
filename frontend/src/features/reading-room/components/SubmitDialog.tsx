import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { Answers } from "../../../shared/forms/types";
import type { OpenRead } from "../api/read";
import styles from "../reading-room.module.css";

interface SubmitDialogProps {
  read: OpenRead;
  answers: Answers;
  isOpen: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks once, with what is about to be locked. */
export function SubmitDialog({ read, answers, isOpen, onConfirm, onClose }: SubmitDialogProps) {
  const scales = read.form.questions.filter(
    (question) => question.kind === "location" || question.kind === "ordinal",
  );
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`Submit ${read.alias}`}
      size="sm"
      lockScroll={false}
      styles={{ header: { background: "transparent" } }}
    >
      <Stack gap="md">
        <dl className={styles.summary}>
          {scales.map((question) => {
            const option = question.options.find(({ value }) => value === answers[question.key]);
            return (
              <div key={question.key} style={{ display: "contents" }}>
                <dt>{question.label}</dt>
                <dd>
                  {question.kind === "ordinal" && option && `${option.value} `}
                  {option?.label ?? "–"}
                </dd>
              </div>
            );
          })}
        </dl>
        <Text size="sm">Submitting locks this read. It cannot be changed afterward.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Back to the case
          </Button>
          <Button onClick={onConfirm} data-autofocus>
            Submit and lock
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
