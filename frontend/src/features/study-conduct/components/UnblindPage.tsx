import {
  Alert,
  Button,
  Group,
  List,
  Paper,
  Skeleton,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { IconEyeExclamation } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { isApiError } from "../../../shared/api/client";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { Refusal } from "../../../shared/components/Refusal";
import { type Unblindings, unblind, unblindingsQuery } from "../api/unblind";
import { type ConductStudy, reasonProblem } from "../model/words";
import { Sign } from "./Sign";
import { UnblindedCase } from "./UnblindedCase";
import "./conduct.css";

interface FirstStep {
  number: string;
  reason: string;
}

function WhatHappens() {
  return (
    <Alert
      color="yellow"
      variant="outline"
      icon={<IconEyeExclamation size={20} stroke={1.75} aria-hidden />}
      title="Only when a patient's care depends on it"
    >
      <List size="sm" spacing={4}>
        <List.Item>
          You alone are shown the truth, the models' outputs and all committed answers of this case.
        </List.Item>
        <List.Item>
          It is written down with your name, the time and your reason, and cannot be taken back.
        </List.Item>
        <List.Item>
          Every read of the case from now on is marked in the data, and the report says so.
        </List.Item>
        <List.Item>
          You must not speak of it with anybody who reads, adjudicates or analyzes this study.
        </List.Item>
      </List>
    </Alert>
  );
}

function First({ onNext }: { onNext: (step: FirstStep) => void }) {
  const [number, setNumber] = useState("");
  const [reason, setReason] = useState("");
  const problem = number.trim() === "" ? "Give the number of the case." : reasonProblem(reason);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (problem === null) onNext({ number: number.trim(), reason: reason.trim() });
  }

  return (
    <form onSubmit={submit} aria-label="Step 1 of 2">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Step 1 of 2
        </Text>
        <TextInput
          label="Number of the case"
          description="As the Cases tab lists it."
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <Textarea
          label="Reason"
          description="It is printed with the results. Name no patient."
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status" className="rr-action-problem">
            {problem}
          </Text>
          <Button type="submit" disabled={problem !== null}>
            Continue
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface SecondProps {
  study: ConductStudy;
  step: FirstStep;
  own: Unblindings;
  onBack: () => void;
  onDone: () => void;
}

function Second({ study, step, own, onBack, onDone }: SecondProps) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const queryClient = useQueryClient();
  const send = useMutation({
    mutationFn: () => unblind(study.slug, { case: step.number, reason: step.reason, name, password }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      onDone();
    },
    onError: () => setPassword(""),
  });
  const isReady = name.trim() === own.name && password !== "";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isReady) send.mutate();
  }

  const isUnknown = isApiError(send.error) && send.error.status === 404;
  return (
    <form onSubmit={submit} aria-label="Step 2 of 2">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Step 2 of 2
        </Text>
        <dl className="rr-unblind-facts">
          <dt>Case</dt>
          <dd>{step.number}</dd>
          <dt>Reason</dt>
          <dd className="rr-reason-cell">{step.reason}</dd>
        </dl>
        <TextInput
          label={`Type your name: ${own.name}`}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Sign meaning={own.meaning} password={password} onChange={setPassword} />
        {send.isError && !isUnknown && (
          <Refusal error={send.error} fallback="The case could not be unblinded." />
        )}
        {isUnknown && (
          <Text size="sm" role="alert" className="rr-check-blocking">
            The study has no case {step.number}.
          </Text>
        )}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack} disabled={send.isPending}>
            Back
          </Button>
          <Button type="submit" color="red" disabled={!isReady} loading={send.isPending}>
            Unblind {step.number} to me
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Emergency unblinding of one case: what it does is said first, then done in two steps. */
export function UnblindPage({ study }: { study: ConductStudy }) {
  const own = useQuery({ ...unblindingsQuery(study.slug), enabled: study.permissions.unblind });
  const [step, setStep] = useState<FirstStep | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  if (!study.permissions.unblind) {
    return (
      <EmptyState title="Nothing to unblind">
        A coordinator can unblind a case in an emergency while the study is being read.
      </EmptyState>
    );
  }
  if (own.isPending) return <Skeleton h={360} animate={false} aria-busy="true" />;
  if (own.data === undefined) return <ErrorState error={own.error} onRetry={() => void own.refetch()} />;
  if (shown !== null) {
    return <UnblindedCase slug={study.slug} number={shown} onClose={() => setShown(null)} />;
  }
  function done() {
    setShown(step?.number ?? null);
    setStep(null);
  }
  return (
    <div className="rr-unblind">
      <Title order={2} mb="md">
        Unblind a case in an emergency
      </Title>
      {step === null && <WhatHappens />}
      <Paper withBorder p="lg" mt="lg">
        {step === null ? (
          <First onNext={setStep} />
        ) : (
          <Second study={study} step={step} own={own.data} onBack={() => setStep(null)} onDone={done} />
        )}
      </Paper>
      {own.data.cases.length > 0 && (
        <section aria-labelledby="own-title">
          <Title order={3} id="own-title" mt="xl" mb="xs">
            Cases that you have unblinded
          </Title>
          <Group gap="sm">
            {own.data.cases.map((number) => (
              <Button key={number} variant="default" size="xs" onClick={() => setShown(number)}>
                {number}
              </Button>
            ))}
          </Group>
        </section>
      )}
    </div>
  );
}
