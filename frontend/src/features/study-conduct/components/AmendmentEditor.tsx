import { Button, Group, Paper, Skeleton, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorState } from "../../../shared/components/PageStates";
import { Refusal } from "../../../shared/components/Refusal";
import { type InForce, inForceQuery, type Preview, previewAmendment, signAmendment } from "../api/versions";
import { amended, type Draft, draftOf } from "../model/amendment";
import { type ConductStudy, reasonProblem } from "../model/words";
import { AmendmentFields, type RenderForm } from "./AmendmentFields";
import { Changes } from "./Changes";
import { Sign } from "./Sign";

interface EditorProps {
  study: ConductStudy;
  meaning: string;
  renderForm: RenderForm;
  onClose: () => void;
}

/** Loads the protocol in force and lets its amendable parts be edited. */
export function AmendmentEditor(props: EditorProps) {
  const inForce = useQuery(inForceQuery(props.study.slug));
  if (inForce.isPending) return <Skeleton h={480} animate={false} aria-busy="true" />;
  if (inForce.data === undefined) {
    return <ErrorState error={inForce.error} onRetry={() => void inForce.refetch()} />;
  }
  return <Editor {...props} inForce={inForce.data} />;
}

function Editor({ study, meaning, renderForm, onClose, inForce }: EditorProps & { inForce: InForce }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(inForce));
  const result = amended(inForce, draft);
  const preview = useMutation({
    mutationFn: () => {
      if ("problem" in result) throw new Error(result.problem);
      return previewAmendment(study.slug, result);
    },
  });

  function change(part: Partial<Draft>) {
    setDraft({ ...draft, ...part });
    preview.reset();
  }

  return (
    <>
      <div className="rr-conduct-head">
        <div>
          <Title order={2}>Amendment to version {inForce.version}</Title>
          <Text size="sm" c="dimmed" mt={4} maw="72ch">
            Arms, groups, sequences, case sets, sessions with their plan, orders, repeats, models, cases and
            the analysis were fixed by the freeze.
          </Text>
        </div>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
      <div className="rr-amend">
        <AmendmentFields
          draft={draft}
          sessions={inForce.document.design.sessions}
          renderForm={renderForm}
          onChange={change}
        />
        <Stack gap="md" className="rr-amend-sign">
          <Button
            variant={preview.data === undefined ? "filled" : "default"}
            disabled={"problem" in result}
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            See the changes
          </Button>
          {"problem" in result && (
            <Text size="sm" c="dimmed" role="status">
              {result.problem}
            </Text>
          )}
          {preview.isError && <Refusal error={preview.error} fallback="The changes could not be checked." />}
          {preview.data !== undefined && !("problem" in result) && (
            <SignPanel
              study={study}
              meaning={meaning}
              base={inForce.version}
              preview={preview.data}
              amendment={result}
              onClose={onClose}
            />
          )}
        </Stack>
      </div>
      {preview.data !== undefined && (
        <section className="rr-version" aria-label="Changes of this amendment">
          <Title order={3}>What version {preview.data.version} changes</Title>
          <Changes changes={preview.data.changes} label="Changes of this amendment" />
        </section>
      )}
    </>
  );
}

interface SignPanelProps {
  study: ConductStudy;
  meaning: string;
  base: number;
  preview: Preview;
  amendment: Parameters<typeof previewAmendment>[1];
  onClose: () => void;
}

function SignPanel({ study, meaning, base, preview, amendment, onClose }: SignPanelProps) {
  const [reason, setReason] = useState("");
  const [password, setPassword] = useState("");
  const queryClient = useQueryClient();
  const sign = useMutation({
    mutationFn: () =>
      signAmendment(study.slug, { ...amendment, version: base, reason: reason.trim(), password }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      onClose();
    },
    onError: () => setPassword(""),
  });
  const problem = reasonProblem(reason);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (problem === null && password !== "") sign.mutate();
  }

  return (
    <Paper
      withBorder
      component="form"
      onSubmit={submit}
      className="rr-sign-panel"
      aria-label="Sign the amendment"
    >
      <Title order={3}>Put version {preview.version} into force</Title>
      <dl className="rr-digest">
        <dt>SHA-256</dt>
        <dd>
          <code>{preview.sha256}</code>
        </dd>
      </dl>
      <Textarea
        label="Reason for the amendment"
        rows={3}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Sign meaning={meaning} password={password} onChange={setPassword} />
      {sign.isError && <Refusal error={sign.error} fallback="The amendment could not be signed." />}
      <Group justify="flex-end" gap="sm">
        <Text size="sm" c="dimmed" role="status" className="rr-action-problem">
          {problem}
        </Text>
        <Button type="submit" disabled={problem !== null || password === ""} loading={sign.isPending}>
          Sign the amendment
        </Button>
      </Group>
    </Paper>
  );
}
