import { Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refusal } from "../../../shared/components/Refusal";
import type { WorklistSession } from "../api/get-worklist";
import { signSession } from "../api/sign-session";

interface SignDialogProps {
  slug: string;
  session: WorklistSession;
  isOpen: boolean;
  onClose: () => void;
  onSigned: () => void;
}

/** The meaning of the signature in its words, and the password that gives it. */
export function SignDialog({ slug, session, isOpen, onClose, onSigned }: SignDialogProps) {
  const [password, setPassword] = useState("");
  const sign = useMutation({
    mutationFn: () => signSession(slug, session.ordinal, password),
    onSuccess: () => {
      setPassword("");
      onSigned();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== "") sign.mutate();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Sign ${session.title}`} size="md" lockScroll={false}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text component="blockquote" className="rr-meaning">
            {session.meaning}
          </Text>
          <Text size="sm" c="dimmed">
            Your name, the time and a digest of your answers are stored with this sentence. A signature is not
            taken back.
          </Text>
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            data-autofocus
          />
          {sign.isError && <Refusal error={sign.error} fallback="The session could not be signed." />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={sign.isPending}>
              Cancel
            </Button>
            <Button type="submit" disabled={password === ""} loading={sign.isPending}>
              Sign
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
