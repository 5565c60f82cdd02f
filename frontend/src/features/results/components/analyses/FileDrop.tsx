import { ActionIcon, Button } from "@mantine/core";
import { IconFile, IconUpload, IconX } from "@tabler/icons-react";
import { type DragEvent, useId, useRef, useState } from "react";
import { type FileRules, withFiles } from "../../model/chosen-files";
import { formatBytes } from "../../model/files";

interface FileDropProps {
  label: string;
  hint: string;
  rules: FileRules;
  files: readonly File[];
  /** Why the files cannot be sent. */
  problem: string | null;
  isBusy: boolean;
  onChange: (files: File[]) => void;
}

/** Files that are dragged here or chosen, and what has been chosen so far. */
export function FileDrop({ label, hint, rules, files, problem, isBusy, onChange }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const explained = useId();

  function add(more: FileList | null) {
    if (more !== null && !isBusy) onChange(withFiles(files, [...more]));
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    add(event.dataTransfer.files);
  }

  return (
    <div className="rr-drop-field">
      <section
        aria-label={label}
        className="rr-drop"
        data-over={isOver || undefined}
        data-wrong={problem !== null || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={onDrop}
      >
        <IconUpload size={24} stroke={1.5} aria-hidden />
        <div>
          <p className="rr-drop-label">Drop files here, or</p>
          <p className="rr-drop-hint" id={explained}>
            {hint}
          </p>
        </div>
        <Button
          variant="default"
          size="compact-sm"
          disabled={isBusy}
          aria-describedby={explained}
          onClick={() => input.current?.click()}
        >
          Choose files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={label}
          accept={rules.endings.join(",")}
          onChange={(event) => {
            add(event.currentTarget.files);
            // The same file can be chosen again after it was taken away.
            event.currentTarget.value = "";
          }}
        />
      </section>
      {files.length > 0 && (
        <ul className="rr-chosen" aria-label="Chosen files">
          {files.map((file) => (
            <li key={file.name}>
              <IconFile size={16} stroke={1.5} aria-hidden />
              <span className="rr-chosen-name">{file.name}</span>
              <span className="rr-kind">{formatBytes(file.size)}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                disabled={isBusy}
                aria-label={`Take ${file.name} away`}
                onClick={() => onChange(files.filter((one) => one !== file))}
              >
                <IconX size={14} stroke={1.75} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {problem !== null && (
        <p className="rr-field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
