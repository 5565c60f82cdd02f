import { NativeSelect, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "../../../shared/api/client";
import { enroll, type People, peopleQuery } from "../api/people";
import { type ConductStudy, ROLES } from "../model/words";
import { ActionDialog } from "./ActionDialog";

interface EnrollDialogProps {
  study: ConductStudy;
  people: People;
  onClose: () => void;
}

/** Gives a person with an account a role in the study. */
export function EnrollDialog({ study, people, onClose }: EnrollDialogProps) {
  const [username, setUsername] = useState("");
  const [role, setRole] = useState("READER");
  const [group, setGroup] = useState("");
  const [center, setCenter] = useState("");
  const queryClient = useQueryClient();
  const isReader = role === "READER";
  const isLate = isReader && study.phase !== "DESIGN";
  const join = useMutation({
    mutationFn: (reason: string) =>
      enroll(study.slug, {
        username: username.trim(),
        role,
        reason,
        group: isReader ? group : "",
        center: role === "SITE_DATA_MANAGER" ? center : "",
      }),
    onSuccess: async (shown) => {
      queryClient.setQueryData(peopleQuery(study.slug).queryKey, shown);
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      onClose();
    },
  });
  const fieldErrors = isApiError(join.error) ? join.error.fields : {};
  return (
    <ActionDialog
      title="Enroll somebody"
      action="Enroll"
      isReasonNeeded={isLate}
      isPending={join.isPending}
      error={join.isError && Object.keys(fieldErrors).length === 0 ? join.error : null}
      fieldProblem={username.trim() === "" ? "Give the user name." : null}
      onConfirm={(reason) => join.mutate(reason)}
      onClose={onClose}
      fields={
        <Stack gap="md">
          <TextInput
            label="User name"
            description="The operator of this server makes accounts."
            value={username}
            error={fieldErrors.username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <NativeSelect
            label="Role"
            data={[...ROLES]}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value)}
          />
          {isReader && (
            <NativeSelect
              label="Group"
              data={[
                { value: "", label: "By chance" },
                ...people.groups.map((one) => ({ value: one.key, label: one.title })),
              ]}
              value={group}
              onChange={(event) => setGroup(event.currentTarget.value)}
            />
          )}
          {role === "SITE_DATA_MANAGER" && (
            <NativeSelect
              label="Center"
              error={fieldErrors.center}
              data={[
                { value: "", label: "None" },
                ...people.centers.map((one) => ({ value: one.key, label: `${one.key}: ${one.title}` })),
              ]}
              value={center}
              onChange={(event) => setCenter(event.currentTarget.value)}
            />
          )}
        </Stack>
      }
    >
      {isLate
        ? "The protocol is frozen: this reader joins late. A place and an order of the reader's own are drawn and recorded; nobody else's order changes."
        : "A reader or an adjudicator can hold no other role in the study."}
    </ActionDialog>
  );
}
