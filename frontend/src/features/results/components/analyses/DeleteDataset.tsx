import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { Refusal } from "../../../../shared/components/Refusal";
import { analysesQuery, type DatasetWithFiles, deleteDataset } from "../../api/datasets";

function Confirmation({ dataset, onClose }: { dataset: DatasetWithFiles; onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteDataset(dataset.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: analysesQuery.queryKey, exact: true });
      await navigate("/desk/analyses");
      queryClient.removeQueries({ queryKey: [...analysesQuery.queryKey, dataset.id] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Delete ${dataset.title}`} size="lg" lockScroll={false}>
      <Stack gap="md">
        <Text size="sm">
          The dataset, its analyses and their files are deleted and cannot be brought back. The audit trail
          keeps that you gave it, and its digest.
        </Text>
        {remove.isError && <Refusal error={remove.error} fallback="The dataset could not be deleted." />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={remove.isPending}>
            Cancel
          </Button>
          <Button loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Takes a given dataset back, once its giver has confirmed it. */
export function DeleteDataset({ dataset }: { dataset: DatasetWithFiles }) {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        className="rr-dataset-delete"
        onClick={() => setIsAsked(true)}
      >
        Delete the dataset
      </Button>
      {isAsked && <Confirmation dataset={dataset} onClose={() => setIsAsked(false)} />}
    </>
  );
}
