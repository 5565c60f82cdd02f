import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refusal } from "../../../../shared/components/Refusal";
import { type Dataset, giveFiles } from "../../api/datasets";
import { DATASET_RULES, filesProblem } from "../../model/chosen-files";
import { FileDrop } from "./FileDrop";
import { Sending } from "./Sending";

/** Files of a dataset, which are analyzed as soon as the server has read them. */
export function GiveDataset({ onGiven }: { onGiven: (dataset: Dataset) => void }) {
  const [title, setTitle] = useState("");
  const [files, setFiles] = useState<File[]>([]);
  const [share, setShare] = useState(0);
  const [isChecked, setIsChecked] = useState(false);
  const give = useMutation({
    mutationFn: () => giveFiles(title.trim(), files, setShare),
    onSuccess: onGiven,
  });
  const problem =
    filesProblem(files, DATASET_RULES) ??
    (isChecked && files.length === 0 ? "Choose the files first." : null);

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsChecked(true);
    if (files.length === 0 || problem !== null) return;
    setShare(0);
    give.mutate();
  }

  return (
    <form className="rr-give" aria-label="Give a dataset" onSubmit={submit} noValidate>
      <FileDrop
        label="Files of the dataset"
        hint="The .csv files with study.json, one mrmc.csv, or a .zip of them."
        rules={DATASET_RULES}
        files={files}
        problem={problem}
        isBusy={give.isPending}
        onChange={(chosen) => {
          setFiles(chosen);
          give.reset();
        }}
      />
      <div className="rr-give-line">
        <TextInput
          label="Title"
          description="Empty for the title in study.json"
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" loading={give.isPending}>
          Analyze
        </Button>
      </div>
      {give.isPending && <Sending share={share} />}
      {give.isError && <Refusal error={give.error} fallback="The dataset could not be sent." />}
    </form>
  );
}
