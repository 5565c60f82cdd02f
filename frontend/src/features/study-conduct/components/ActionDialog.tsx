import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { Refusal } from "../../../shared/components/Refusal";
import { reasonProblem } from "../model/words";

interface ActionDialogProps {
  title: string;
  /** What the action does, said before it is done. */
  children: ReactNode;
  fields?: ReactNode;
  /** Why the fields above the reason cannot be sent yet. */
  fieldProblem?: string | null;
  action: string;
  isReasonNeeded: boolean;
  isDanger?: boolean;
  isPending: boolean;
  error: unknown;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

/** One step that departs from the protocol or ends something: said plainly, with a reason. */
export function ActionDialog(props: ActionDialogProps) {
  const [reason, setReason] = useState("");
  const problem = props.fieldProblem ?? (props.isReasonNeeded ? reasonProblem(reason) : null);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (problem === null) props.onConfirm(reason.trim());
  }

  return (
    <Modal opened onClose={props.onClose} title={props.title} size="lg" lockScroll={false}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" component="div">
            {props.children}
          </Text>
          {props.fields}
          {props.isReasonNeeded && (
            <Textarea
              label="Reason"
              description="It is kept as a deviation and printed with the results. Name no patient."
              rows={3}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {props.error !== null && <Refusal error={props.error} fallback="This could not be done." />}
          <Group justify="flex-end" gap="sm">
            <Text size="sm" c="dimmed" role="status" className="rr-action-problem">
              {problem}
            </Text>
            <Button variant="default" onClick={props.onClose} disabled={props.isPending}>
              Cancel
            </Button>
            <Button
              type="submit"
              color={props.isDanger ? "red" : undefined}
              disabled={problem !== null}
              loading={props.isPending}
            >
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
