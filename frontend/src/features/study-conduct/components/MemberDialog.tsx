import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { isApiError } from "../../../shared/api/client";
import { type Member, overrideWashout, peopleQuery, replace, withdraw } from "../api/people";
import type { ConductStudy } from "../model/words";
import { ActionDialog } from "./ActionDialog";

export type MemberAction = "override" | "replace" | "withdraw";

interface MemberDialogProps {
  study: ConductStudy;
  member: Member;
  action: MemberAction;
  onClose: () => void;
}

interface Words {
  title: string;
  button: string;
  text: ReactNode;
}

function wordsFor(action: MemberAction, member: Member, isDesign: boolean): Words {
  const { name } = member;
  if (action === "override") {
    return {
      title: "Open the waiting case early",
      button: "Open the case",
      text: `${name} may then read the one case that is waiting, before its washout has passed. The case after it waits again. The read is marked in the data.`,
    };
  }
  if (action === "replace") {
    return {
      title: `Replace ${name}`,
      button: "Replace the reader",
      text: `${name} leaves. The other reader takes the same group and sequence, with orders of the own, and begins with the first session. What ${name} has submitted stays in the data, outside the analysis.`,
    };
  }
  return {
    title: isDesign ? `Take the enrollment of ${name} back` : `Withdraw ${name}`,
    button: isDesign ? "Take back" : "Withdraw",
    text: isDesign
      ? `${name} takes no part in the study any more. The person can be enrolled again.`
      : `${name} reaches nothing of the study any more, at once and for good; sessions that are not locked are voided. What was submitted stays.`,
  };
}

/** The dialog of one action on one member. */
export function MemberDialog({ study, member, action, onClose }: MemberDialogProps) {
  const [username, setUsername] = useState("");
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: (reason: string) => {
      if (action === "override") return overrideWashout(study.slug, member.id, reason);
      if (action === "replace") return replace(study.slug, member.id, username.trim(), reason);
      return withdraw(study.slug, member.id, reason);
    },
    onSuccess: async (shown) => {
      queryClient.setQueryData(peopleQuery(study.slug).queryKey, shown);
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      onClose();
    },
  });
  const isDesign = study.phase === "DESIGN";
  const { title, button, text } = wordsFor(action, member, isDesign);
  return (
    <ActionDialog
      title={title}
      action={button}
      isDanger={action === "withdraw"}
      isReasonNeeded={member.role === "READER" && !isDesign}
      isPending={act.isPending}
      error={act.isError ? act.error : null}
      fieldProblem={
        action === "replace" && username.trim() === "" ? "Give the other reader's user name." : null
      }
      onConfirm={(reason) => act.mutate(reason)}
      onClose={onClose}
      fields={
        action === "replace" ? (
          <TextInput
            label="User name of the other reader"
            value={username}
            error={isApiError(act.error) ? act.error.fields.username : undefined}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
        ) : undefined
      }
    >
      {text}
    </ActionDialog>
  );
}
