import { Button, Group, Modal, Skeleton, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Refusal } from "../../../shared/components/Refusal";
import { postPattern } from "../api/protocol";
import { type DesignOption, type Pattern, templatesQuery } from "../api/templates";
import type { Designer } from "../use-designer";
import { PatternDiagram } from "./PatternDiagram";
import { WholeNumber } from "./WholeNumber";

const KIND_OF: Readonly<Record<string, string>> = {
  split_plot_readers: "split_plot",
  split_plot_cases: "split_plot",
};

export function PatternPicker({ designer }: { designer: Designer }) {
  const templates = useQuery(templatesQuery);
  const [chosen, setChosen] = useState<Pattern | null>(null);
  if (templates.data === undefined) return <Skeleton h={220} animate={false} />;
  const kind = designer.document.design.kind;
  return (
    <>
      <ul className="rr-patterns">
        {templates.data.patterns.map((pattern) => {
          const isNow = (KIND_OF[pattern.key] ?? pattern.key) === kind && pattern.key === nowKey(designer);
          return (
            <li key={pattern.key}>
              <UnstyledButton
                className={isNow ? "rr-pattern rr-pattern-now" : "rr-pattern"}
                onClick={() => setChosen(pattern)}
                aria-pressed={isNow}
              >
                <VisuallyHidden>Use the design</VisuallyHidden>
                <PatternDiagram pattern={pattern.key} />
                <span>
                  <Text component="span" display="block" size="sm" fw={550}>
                    {pattern.title}
                  </Text>
                  <Text component="span" display="block" size="xs" c="dimmed">
                    {pattern.summary}
                  </Text>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
      {chosen !== null && (
        <ApplyPattern key={chosen.key} pattern={chosen} designer={designer} onClose={() => setChosen(null)} />
      )}
    </>
  );
}

/** Both split-plots have one word in the document; where the cases are divided tells which of them it is. */
function nowKey(designer: Designer): string {
  const { kind, case_sets } = designer.document.design;
  if (kind !== "split_plot") return kind;
  return case_sets.some((set) => set.how === "part") ? "split_plot_cases" : "split_plot_readers";
}

interface ApplyPatternProps {
  pattern: Pattern;
  designer: Designer;
  onClose: () => void;
}

function ApplyPattern({ pattern, designer, onClose }: ApplyPatternProps) {
  const [options, setOptions] = useState(() =>
    Object.fromEntries(pattern.options.map((option) => [option.key, option.default])),
  );
  const apply = useMutation({
    mutationFn: () =>
      postPattern(designer.slug, { document: designer.document, pattern: pattern.key, options }),
    onSuccess: (document) => {
      designer.replace(`the design ${pattern.title}`, document);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={pattern.title} size="md" lockScroll={false}>
      <Text size="sm">{pattern.summary}</Text>
      <Text size="sm" c="dimmed" mt={6}>
        {pattern.key === "reread"
          ? "A session is added to the ones you have."
          : "Arms keep their names and models. Groups, sequences, case sets and sessions are written anew."}
      </Text>
      <div className="rr-design-fields rr-design-fields-modal">
        {pattern.options.map((option) => (
          <OptionField
            key={option.key}
            option={option}
            value={options[option.key] ?? option.default}
            onChange={(value) => setOptions((before) => ({ ...before, [option.key]: value }))}
          />
        ))}
      </div>
      {apply.isError && <Refusal error={apply.error} fallback="The design could not be used." />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={apply.isPending} onClick={() => apply.mutate()}>
          Use this design
        </Button>
      </Group>
    </Modal>
  );
}

interface OptionFieldProps {
  option: DesignOption;
  value: number;
  onChange: (value: number) => void;
}

export function OptionField({ option, value, onChange }: OptionFieldProps) {
  return (
    <WholeNumber
      label={option.label}
      min={option.minimum}
      max={option.maximum}
      value={value}
      onChange={onChange}
    />
  );
}
