import { Anchor, Button, List, Paper, Skeleton, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconFileTypePdf, IconInfoCircle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { isApiError } from "../../../shared/api/client";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { Refusal } from "../../../shared/components/Refusal";
import { placeOf } from "../../../shared/lib/protocol-parts";
import { type Freeze, freezeQuery, pdfPath, signFreeze } from "../api/freeze";
import type { ConductStudy } from "../model/words";
import { Sign } from "./Sign";
import "./conduct.css";

function Checks({ problems, slug }: { problems: Freeze["problems"]; slug: string }) {
  const blocking = problems.filter((one) => one.is_blocking);
  const advice = problems.filter((one) => !one.is_blocking);
  return (
    <section aria-labelledby="checks-title">
      <Title order={3} id="checks-title">
        {blocking.length === 0
          ? "Nothing stands in the way"
          : `${blocking.length} ${blocking.length === 1 ? "problem stands" : "problems stand"} in the way`}
      </Title>
      <ul className="rr-checks">
        {blocking.length === 0 && (
          <li className="rr-check-ok">
            <IconCircleCheck size={18} stroke={1.75} aria-hidden />
            <span>Design, cases, people, form and models fit together.</span>
          </li>
        )}
        {[...blocking, ...advice].map((one) => (
          <li key={one.path + one.text} className={one.is_blocking ? "rr-check-blocking" : "rr-check-advice"}>
            {one.is_blocking ? (
              <IconAlertTriangle size={18} stroke={1.75} aria-label="Problem" />
            ) : (
              <IconInfoCircle size={18} stroke={1.75} aria-label="Advice" />
            )}
            <span>
              {one.text}
              <Anchor component={Link} to={placeOf(slug, one.path).to} className="rr-check-place">
                {placeOf(slug, one.path).label}
              </Anchor>
            </span>
          </li>
        ))}
      </ul>
      {blocking.length > 0 && (
        <Button component={Link} to={`/desk/${slug}/design`} variant="default" mt="md">
          Back to the design
        </Button>
      )}
    </section>
  );
}

function SignAndFreeze({ study, freeze }: { study: ConductStudy; freeze: Freeze }) {
  const [password, setPassword] = useState("");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const sign = useMutation({
    mutationFn: () => signFreeze(study.slug, { password, sha256: freeze.sha256 }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["desk", study.slug] });
      await queryClient.invalidateQueries({ queryKey: ["me"] });
      await navigate(`/desk/${study.slug}/progress`);
    },
    onError: async (error) => {
      setPassword("");
      if (isApiError(error, "stale_protocol") || isApiError(error, "protocol_faulty")) {
        await queryClient.invalidateQueries({ queryKey: freezeQuery(study.slug).queryKey });
      }
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (password !== "") sign.mutate();
  }

  return (
    <Paper
      withBorder
      component="form"
      onSubmit={submit}
      className="rr-sign-panel"
      aria-label="Sign and freeze"
    >
      <Title order={3}>Sign and freeze</Title>
      <dl className="rr-digest">
        <dt>SHA-256 of the protocol as it will be frozen</dt>
        <dd>
          {freeze.sha256 === "" ? "Known once nothing stands in the way." : <code>{freeze.sha256}</code>}
        </dd>
      </dl>
      <Sign meaning={freeze.meaning} password={password} onChange={setPassword} />
      {sign.isError && <Refusal error={sign.error} fallback="The protocol could not be frozen." />}
      <Button
        type="submit"
        fullWidth
        disabled={!freeze.can_freeze || password === ""}
        loading={sign.isPending}
      >
        Sign and freeze the protocol
      </Button>
    </Paper>
  );
}

/** The last look at a protocol before it comes into force, and the signature that puts it there. */
export function FreezePage({ study }: { study: ConductStudy }) {
  const freeze = useQuery({ ...freezeQuery(study.slug), enabled: study.phase === "DESIGN" });
  if (study.phase !== "DESIGN") {
    return (
      <EmptyState
        title="The protocol is frozen"
        action={
          <Button component={Link} to={`/desk/${study.slug}/amendments`} variant="default">
            Versions and amendments
          </Button>
        }
      >
        A change to it is an amendment: numbered, with a reason, for the reads to come.
      </EmptyState>
    );
  }
  if (freeze.isPending) return <Skeleton h={420} animate={false} aria-busy="true" />;
  if (freeze.data === undefined) {
    return <ErrorState error={freeze.error} onRetry={() => void freeze.refetch()} />;
  }
  return (
    <div className="rr-freeze">
      <div>
        <Title order={2}>Freeze the protocol</Title>
        <Text size="sm" c="dimmed" mt={4} maw="68ch">
          The freeze puts this protocol into force and opens the study for reading.
        </Text>
        <List size="sm" mt="md" spacing={6} maw="68ch">
          <List.Item>
            The protocol is written down with its version and digest and never changes again.
          </List.Item>
          <List.Item>
            Readers are placed, case sets and every reader's order are drawn, once, and kept with their seeds.
          </List.Item>
          <List.Item>
            Cases and models are fixed. A reader who joins later is a deviation with a reason.
          </List.Item>
        </List>
        <Anchor href={pdfPath(study.slug)} size="sm" className="rr-pdf-link" mt="md" mb="xl">
          <IconFileTypePdf size={18} stroke={1.5} aria-hidden />
          The draft as PDF
        </Anchor>
        <Checks problems={freeze.data.problems} slug={study.slug} />
      </div>
      <SignAndFreeze study={study} freeze={freeze.data} />
    </div>
  );
}
