import { ActionIcon, Button, Menu, Skeleton, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconDots, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Instant } from "../../../shared/components/Instant";
import { ErrorState } from "../../../shared/components/PageStates";
import { type Member, type People, peopleQuery } from "../api/people";
import { type ConductStudy, roleText } from "../model/words";
import type { MemberAction } from "./MemberDialog";
import "./conduct.css";

const EnrollDialog = lazy(() =>
  import("./EnrollDialog").then((module) => ({ default: module.EnrollDialog })),
);
const MemberDialog = lazy(() =>
  import("./MemberDialog").then((module) => ({ default: module.MemberDialog })),
);

function placeText(member: Member, people: People): string {
  if (member.role === "SITE_DATA_MANAGER") return member.center === "" ? "–" : member.center;
  const group = people.groups.find(({ key }) => key === member.group)?.title ?? member.group;
  const sequence = people.sequences.find(({ key }) => key === member.sequence)?.title ?? member.sequence;
  const parts = [group, sequence].filter((part) => part !== "");
  return parts.length === 0 ? "–" : parts.join(" / ");
}

function StatusCell({ member }: { member: Member }) {
  if (member.withdrawn_at !== null) {
    return (
      <>
        Left <Instant iso={member.withdrawn_at} />
      </>
    );
  }
  if (member.opens_at === null) return <>Takes part</>;
  return (
    <span className="rr-status-wait">
      Waits until <Instant iso={member.opens_at} />
    </span>
  );
}

interface RowProps {
  study: ConductStudy;
  people: People;
  member: Member;
  onAct: (action: MemberAction) => void;
}

function MemberRow({ study, people, member, onAct }: RowProps) {
  const isReader = member.role === "READER";
  const canAct = study.permissions.enroll && member.withdrawn_at === null;
  return (
    <Table.Tr className={member.withdrawn_at === null ? undefined : "rr-gone"}>
      <Table.Th scope="row">
        {member.name}
        {member.is_late && <span className="rr-flag">enrolled late</span>}
      </Table.Th>
      <Table.Td>{member.username}</Table.Td>
      <Table.Td>{roleText(member.role)}</Table.Td>
      <Table.Td>{placeText(member, people)}</Table.Td>
      <Table.Td>
        <Instant iso={member.enrolled_at} />
      </Table.Td>
      <Table.Td>
        <StatusCell member={member} />
      </Table.Td>
      <Table.Td>
        {canAct && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${member.name}`}>
                <IconDots size={18} stroke={1.75} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {isReader && study.phase === "READING" && (
                <>
                  <Menu.Item disabled={!member.is_waiting} onClick={() => onAct("override")}>
                    Open the waiting case early…
                  </Menu.Item>
                  <Menu.Item onClick={() => onAct("replace")}>Replace by another reader…</Menu.Item>
                </>
              )}
              <Menu.Item color="red" onClick={() => onAct("withdraw")}>
                {study.phase === "DESIGN" ? "Take the enrollment back…" : "Withdraw from the study…"}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function PeopleTable({ study, people }: { study: ConductStudy; people: People }) {
  const [acting, setActing] = useState<{ member: Member; action: MemberAction } | null>(null);
  return (
    <>
      <div className="rr-table-frame">
        <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="People of the study">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Name</Table.Th>
              <Table.Th scope="col">User name</Table.Th>
              <Table.Th scope="col">Role</Table.Th>
              <Table.Th scope="col">Group / order, or center</Table.Th>
              <Table.Th scope="col">Enrolled</Table.Th>
              <Table.Th scope="col">Now</Table.Th>
              <Table.Th scope="col" w={56}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {people.members.map((member) => (
              <MemberRow
                key={member.id}
                study={study}
                people={people}
                member={member}
                onAct={(action) => setActing({ member, action })}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Suspense fallback={null}>
        {acting !== null && <MemberDialog study={study} {...acting} onClose={() => setActing(null)} />}
      </Suspense>
    </>
  );
}

/** Who takes part in which role, and how people join, leave and replace each other. */
export function PeoplePage({ study }: { study: ConductStudy }) {
  const people = useQuery(peopleQuery(study.slug));
  const [isEnrolling, setIsEnrolling] = useState(false);
  if (people.isPending) return <Skeleton h={360} animate={false} aria-busy="true" />;
  if (people.data === undefined) {
    return <ErrorState error={people.error} onRetry={() => void people.refetch()} />;
  }
  return (
    <>
      <div className="rr-conduct-head">
        <div>
          <Title order={2}>People</Title>
          <Text size="sm" c="dimmed" mt={4} maw="72ch">
            {study.phase === "DESIGN"
              ? "Readers are placed into groups and sequences by chance at the freeze, unless a group is given here."
              : "A reader who joins, leaves or is replaced now is recorded as a deviation, with a reason. What was read stays."}
          </Text>
        </div>
        {study.permissions.enroll && (
          <Button
            leftSection={<IconUserPlus size={16} stroke={1.75} aria-hidden />}
            onClick={() => setIsEnrolling(true)}
          >
            Enroll somebody…
          </Button>
        )}
      </div>
      <PeopleTable study={study} people={people.data} />
      {isEnrolling && (
        <Suspense fallback={null}>
          <EnrollDialog study={study} people={people.data} onClose={() => setIsEnrolling(false)} />
        </Suspense>
      )}
    </>
  );
}
