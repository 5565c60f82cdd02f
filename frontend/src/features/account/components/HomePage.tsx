import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Instant } from "../../../shared/components/Instant";
import { LeadOn } from "../../../shared/components/LeadOn";
import { EmptyState } from "../../../shared/components/PageStates";
import { PhaseBadge } from "../../../shared/components/PhaseBadge";
import { type Me, type Membership, meQuery } from "../api/get-me";
import { hasTurns, turnQuery } from "../api/get-turn";
import { onlyPlace, placeLabel, placeOf, roleLabel } from "../model/landing";
import { phaseText, turnText } from "../model/turn-text";
import "./account.css";

/** What waits for the member; its place is kept while it is asked for. */
function TurnLine({ membership }: { membership: Membership }) {
  const turn = useQuery(turnQuery(membership));
  const line = phaseText(membership.phase) ?? (turn.data === undefined ? null : turnText(turn.data));
  return (
    <Text
      size="sm"
      c={line?.isWork ? undefined : "dimmed"}
      className="rr-study-turn"
      data-work={line?.isWork}
    >
      {line?.text} {line?.until && <Instant iso={line.until} withRelative />}
    </Text>
  );
}

function StudyRow({ membership }: { membership: Membership }) {
  const label = placeLabel(membership);
  return (
    <li className="rr-study">
      <div>
        <Text fw={550}>{membership.title}</Text>
        {hasTurns(membership) && <TurnLine membership={membership} />}
      </div>
      <Text c="dimmed" size="sm">
        {roleLabel(membership.role)}
      </Text>
      <span>
        <PhaseBadge phase={membership.phase} />
      </span>
      <Button
        component={Link}
        to={placeOf(membership)}
        variant="default"
        className="rr-study-go"
        aria-label={`${label} of ${membership.title}`}
      >
        {label}
      </Button>
    </li>
  );
}

function Studies({ me }: { me: Me }) {
  if (me.memberships.length === 0) {
    return (
      <EmptyState
        title="No study"
        action={
          me.is_operator && (
            <Button component="a" href="/admin/" variant="default">
              Administration
            </Button>
          )
        }
      >
        {me.may_create_studies
          ? "Create one, or ask the coordinator of a study to enroll you."
          : "You take part in no study now. The coordinator of a study can enroll you."}
      </EmptyState>
    );
  }
  return (
    <ul className="rr-studies">
      {me.memberships.map((membership) => (
        <StudyRow key={`${membership.study}/${membership.role}`} membership={membership} />
      ))}
    </ul>
  );
}

export default function HomePage() {
  const me = useQuery(meQuery);
  const place = me.data === undefined ? null : onlyPlace(me.data);
  if (place !== null) return <LeadOn to={place} />;
  return (
    <Stack gap="lg" maw={960} mx="auto">
      <title>My studies · Reading Room</title>
      <Group justify="space-between">
        <Title order={1}>My studies</Title>
        {me.data?.may_create_studies === true && (
          <Button component={Link} to="/desk/new">
            New study
          </Button>
        )}
      </Group>
      {me.data === undefined ? (
        <div className="rr-studies" aria-busy="true">
          <Skeleton h={74} animate={false} />
          <Skeleton h={74} animate={false} />
        </div>
      ) : (
        <Studies me={me.data} />
      )}
    </Stack>
  );
}
