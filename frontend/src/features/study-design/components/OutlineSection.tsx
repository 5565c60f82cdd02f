import { Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { questionName, ratingQuestions } from "../model/document";
import type { Designer } from "../use-designer";
import { HangingPart } from "./HangingPart";
import { Part } from "./Part";
import { PlanPart } from "./PlanPart";
import { Problems } from "./Problems";
import { StatementsPart } from "./StatementsPart";

const ROLES = [
  { value: "T2W", label: "T2-weighted" },
  { value: "ADC", label: "ADC map" },
  { value: "DWI", label: "Diffusion-weighted" },
  { value: "T1", label: "T1-weighted" },
  { value: "CT", label: "CT" },
  { value: "OTHER", label: "Other" },
];

export function OutlineSection({ designer }: { designer: Designer }) {
  const { document, draft, change, problems } = designer;
  return (
    <>
      <Part title="What the study asks">
        <Stack gap="md">
          <TextInput
            label="Title"
            value={draft.title}
            maxLength={200}
            onChange={(event) => designer.rename(event.currentTarget.value)}
          />
          <Textarea
            label="Objective"
            autosize
            minRows={2}
            maxRows={8}
            maxLength={5000}
            value={document.objective}
            onChange={(event) => {
              const text = event.currentTarget.value;
              change("the objective", (draft) => {
                draft.objective = text;
              });
            }}
          />
          <Textarea
            label="Instructions to the readers"
            description="Shown before the first case and beside the form."
            autosize
            minRows={3}
            maxRows={14}
            maxLength={20000}
            value={document.instructions}
            onChange={(event) => {
              const text = event.currentTarget.value;
              change("the instructions", (draft) => {
                draft.instructions = text;
              });
            }}
          />
        </Stack>
        <Problems problems={problems} at={["objective", "instructions"]} />
      </Part>
      <Part title="What readers are shown">
        <div className="rr-design-fields">
          <Select
            label="Series shown first"
            data={ROLES}
            allowDeselect={false}
            value={document.primary_role}
            onChange={(value) =>
              value !== null &&
              change("the first series", (draft) => {
                draft.primary_role = value;
              })
            }
          />
          <Switch
            mt={30}
            label="Readers see the case information"
            checked={document.sees_case_info}
            onChange={(event) => {
              const isOn = event.currentTarget.checked;
              change("the case information", (draft) => {
                draft.sees_case_info = isOn;
              });
            }}
          />
        </div>
      </Part>
      <HangingPart designer={designer} roles={ROLES} />
      <RatingPart designer={designer} />
      <PlanPart designer={designer} />
      <StatementsPart designer={designer} />
    </>
  );
}

function RatingPart({ designer }: { designer: Designer }) {
  const { document, change, problems } = designer;
  const { analysis, form } = document;
  const candidates = ratingQuestions(form.questions);
  const question = form.questions.find((one) => one.key === analysis.rating_question);
  const scale = question?.kind === "ordinal" ? (question.options ?? []) : null;
  return (
    <Part
      title="The rating"
      help="The question whose answers are compared with the reference standard: ROC curves, sensitivity, specificity."
    >
      <div className="rr-design-fields">
        <Select
          label="Question"
          placeholder="No ROC analysis"
          clearable
          data={candidates.map((one) => ({ value: one.key, label: questionName(one) }))}
          value={analysis.rating_question}
          onChange={(value) =>
            change("the rating", (draft) => {
              const chosen = draft.form.questions.find((one) => one.key === value);
              const options = chosen?.kind === "ordinal" ? (chosen.options ?? []) : [];
              const middle = options[Math.ceil(options.length / 2)]?.value;
              draft.analysis.rating_question = value;
              draft.analysis.positive_from = typeof middle === "boolean" ? null : (middle ?? null);
            })
          }
        />
        {scale !== null && (
          <Select
            label="Positive from"
            allowDeselect={false}
            data={scale.map((one) => ({ value: String(one.value), label: `${one.value} · ${one.label}` }))}
            value={analysis.positive_from === null ? null : String(analysis.positive_from)}
            onChange={(value) => {
              const option = scale.find((one) => String(one.value) === value);
              if (option === undefined || typeof option.value === "boolean") return;
              const from = option.value;
              change("the positive rating", (draft) => {
                draft.analysis.positive_from = from;
              });
            }}
          />
        )}
        {analysis.rating_question !== null && (
          <Select
            label="Reference standard"
            allowDeselect={false}
            data={[
              { value: "truth", label: "Entered for every case" },
              { value: "consensus", label: "The readers' consensus" },
            ]}
            value={analysis.reference}
            onChange={(value) =>
              change("the reference standard", (draft) => {
                draft.analysis.reference = value === "consensus" ? "consensus" : "truth";
              })
            }
          />
        )}
        <TextInput
          label="What positive means"
          placeholder="metastatic node"
          maxLength={120}
          value={analysis.positive_class}
          onChange={(event) => {
            const text = event.currentTarget.value;
            change("the positive class", (draft) => {
              draft.analysis.positive_class = text;
            });
          }}
        />
      </div>
      <Problems
        problems={problems}
        at={["analysis"]}
        except={(problem) => problem.path.startsWith("analysis.plan.")}
      />
    </Part>
  );
}
