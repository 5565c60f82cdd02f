import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Modal,
  Select,
  Skeleton,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../shared/components/PageStates";
import { Refusal } from "../../../shared/components/Refusal";
import {
  type Candidate,
  candidatesQuery,
  type DesignCase,
  deleteCase,
  designCasesQuery,
  postCases,
  putCase,
} from "../api/cases";
import { plural, toldLines } from "../model/text";
import type { Designer } from "../use-designer";
import { Part } from "./Part";
import { Problems } from "./Problems";

const PURPOSES = [
  { value: "STUDY", label: "Study" },
  { value: "TRAINING", label: "Training" },
];

export function CasesSection({ designer }: { designer: Designer }) {
  const cases = useQuery({ ...designCasesQuery(designer.slug), enabled: !designer.isReadOnly });
  const [isAdding, setIsAdding] = useState(false);
  if (designer.isReadOnly) {
    return (
      <Part title="Cases">
        <Text size="sm" c="dimmed">
          The cases of a frozen study are listed on the Cases tab.
        </Text>
      </Part>
    );
  }
  if (cases.isPending) return <Skeleton h={320} animate={false} />;
  if (cases.data === undefined) {
    return <ErrorState error={cases.error} onRetry={() => void cases.refetch()} />;
  }
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} aria-hidden />} onClick={() => setIsAdding(true)}>
      Add cases
    </Button>
  );
  return (
    <Part
      title="Cases"
      help="Cases come from your other studies, or by import. A cohort is a label of your own, such as validation. What readers are told is written as “MRI: after treatment; Age: 61”."
      action={cases.data.length > 0 ? add : undefined}
    >
      {cases.data.length === 0 ? (
        <EmptyState title="No cases yet" action={add}>
          Take cases from a study that you coordinate, or import DICOM with{" "}
          <code>manage.py import_cases</code>.
        </EmptyState>
      ) : (
        <CasesTable designer={designer} cases={cases.data} />
      )}
      <Problems problems={designer.problems} at={["cases"]} />
      {isAdding && <AddCases designer={designer} onClose={() => setIsAdding(false)} />}
    </Part>
  );
}

function useRefresh(slug: string) {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      ["design-cases", "design-candidates", "design-summary", "cases", "study"].map((name) =>
        queryClient.invalidateQueries({ queryKey: ["desk", slug, name] }),
      ),
    );
}

function CasesTable({ designer, cases }: { designer: Designer; cases: DesignCase[] }) {
  return (
    <div className="rr-table-frame rr-design-scroll">
      <Table verticalSpacing={4} horizontalSpacing="md" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Case</Table.Th>
            <Table.Th scope="col">Center</Table.Th>
            <Table.Th scope="col">Purpose</Table.Th>
            <Table.Th scope="col">Cohort</Table.Th>
            <Table.Th scope="col">Readers are told</Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cases.map((one) => (
            <CaseRow key={one.number} slug={designer.slug} one={one} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function CaseRow({ slug, one }: { slug: string; one: DesignCase }) {
  const refresh = useRefresh(slug);
  const [cohort, setCohort] = useState(one.cohort);
  const [told, setTold] = useState(toldText(one));
  const save = useMutation({
    mutationFn: (change: Parameters<typeof putCase>[2]) => putCase(slug, one.number, change),
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: () => deleteCase(slug, one.number), onSuccess: refresh });
  const error = save.error ?? remove.error;
  return (
    <Table.Tr>
      <Table.Th scope="row">{one.number}</Table.Th>
      <Table.Td>{one.center}</Table.Td>
      <Table.Td w={130}>
        <Select
          size="xs"
          aria-label={`Purpose of ${one.number}`}
          data={PURPOSES}
          allowDeselect={false}
          value={one.purpose}
          onChange={(value) => save.mutate({ purpose: value === "TRAINING" ? "TRAINING" : "STUDY" })}
        />
      </Table.Td>
      <Table.Td w={160}>
        <TextInput
          size="xs"
          aria-label={`Cohort of ${one.number}`}
          maxLength={40}
          value={cohort}
          onChange={(event) => setCohort(event.currentTarget.value)}
          onBlur={() => cohort !== one.cohort && save.mutate({ cohort })}
        />
      </Table.Td>
      <Table.Td>
        <TextInput
          size="xs"
          aria-label={`What readers are told of ${one.number}`}
          value={told}
          onChange={(event) => setTold(event.currentTarget.value)}
          onBlur={() => told !== toldText(one) && save.mutate({ case_info: toldLines(told) })}
        />
        {error !== null && <Refusal error={error} fallback="The case could not be changed." />}
      </Table.Td>
      <Table.Td w={48}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          loading={remove.isPending}
          onClick={() => remove.mutate()}
          aria-label={`Take ${one.number} out of the study`}
        >
          <IconTrash size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

function toldText(one: DesignCase): string {
  return one.case_info.map((line) => `${line.label}: ${line.value}`).join("; ");
}

function AddCases({ designer, onClose }: { designer: Designer; onClose: () => void }) {
  const { slug } = designer;
  const candidates = useQuery(candidatesQuery(slug));
  const refresh = useRefresh(slug);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [purpose, setPurpose] = useState<DesignCase["purpose"]>("STUDY");
  const [cohort, setCohort] = useState("");
  const add = useMutation({
    mutationFn: () => postCases(slug, { numbers: [...chosen], purpose, cohort }),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Add cases" size="lg" lockScroll={false}>
      {candidates.data === undefined ? (
        <Skeleton h={280} animate={false} />
      ) : (
        <CandidateList candidates={candidates.data} chosen={chosen} onChoose={setChosen} />
      )}
      <Group mt="md" align="end">
        <Select
          label="Purpose"
          data={PURPOSES}
          allowDeselect={false}
          value={purpose}
          onChange={(value) => setPurpose(value === "TRAINING" ? "TRAINING" : "STUDY")}
        />
        <TextInput
          label="Cohort"
          placeholder="none"
          maxLength={40}
          value={cohort}
          onChange={(event) => setCohort(event.currentTarget.value)}
        />
      </Group>
      {add.isError && (
        <div className="rr-modal-refusal">
          <Refusal error={add.error} fallback="The cases could not be added." />
        </div>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={chosen.length === 0} loading={add.isPending} onClick={() => add.mutate()}>
          {chosen.length === 0 ? "Add cases" : `Add ${plural(chosen.length, "case")}`}
        </Button>
      </Group>
    </Modal>
  );
}

interface CandidateListProps {
  candidates: readonly Candidate[];
  chosen: readonly string[];
  onChoose: (numbers: readonly string[]) => void;
}

function CandidateList({ candidates, chosen, onChoose }: CandidateListProps) {
  const [study, setStudy] = useState<string | null>(null);
  const studies = [...new Set(candidates.flatMap((one) => one.studies))].sort();
  const shown = candidates.filter((one) => study === null || one.studies.includes(study));
  const isAll = shown.length > 0 && shown.every((one) => chosen.includes(one.number));
  if (candidates.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None of your other studies holds a case that this one does not have.
      </Text>
    );
  }
  const toggle = (numbers: readonly string[], isOn: boolean) =>
    onChoose(
      isOn ? [...new Set([...chosen, ...numbers])] : chosen.filter((number) => !numbers.includes(number)),
    );
  return (
    <>
      <Select
        label="From"
        placeholder="All my studies"
        clearable
        data={studies}
        value={study}
        onChange={setStudy}
        mb="sm"
      />
      <div className="rr-table-frame rr-design-scroll">
        <Table verticalSpacing={4} horizontalSpacing="md" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" w={40}>
                <Checkbox
                  aria-label="All of these cases"
                  checked={isAll}
                  onChange={(event) =>
                    toggle(
                      shown.map((one) => one.number),
                      event.currentTarget.checked,
                    )
                  }
                />
              </Table.Th>
              <Table.Th scope="col">Case</Table.Th>
              <Table.Th scope="col">Center</Table.Th>
              <Table.Th scope="col">Studies</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((one) => (
              <Table.Tr key={one.number}>
                <Table.Td>
                  <Checkbox
                    aria-label={one.number}
                    checked={chosen.includes(one.number)}
                    onChange={(event) => toggle([one.number], event.currentTarget.checked)}
                  />
                </Table.Td>
                <Table.Th scope="row">{one.number}</Table.Th>
                <Table.Td>{one.center}</Table.Td>
                <Table.Td>{one.studies.join(", ")}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}
