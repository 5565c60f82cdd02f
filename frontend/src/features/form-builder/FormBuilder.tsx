import { useState } from "react";
import type { Form } from "../../shared/forms/types";
import { AddQuestion } from "./components/AddQuestion";
import { Preview } from "./components/Preview";
import { QuestionEditor } from "./components/QuestionEditor";
import { QuestionRow } from "./components/QuestionRow";
import styles from "./form-builder.module.css";
import { addQuestion, duplicateQuestion, insertQuestion, moveQuestion, removeQuestion } from "./model/edit";
import { type FormProblem, generalProblems, problemsAt } from "./model/problems";
import { usePreview } from "./use-preview";

/** A form that may not be complete yet: the server's check says what it lacks. */
export interface FormDraft {
  version: number;
  questions: readonly { key: string; kind: string }[];
}

export interface FormBuilderProps {
  form: FormDraft;
  onChange: (form: Form) => void;
  problems: readonly FormProblem[];
  readOnly: boolean;
}

/** The questions of a form to edit, beside the form as its readers will see it. */
export default function FormBuilder({ form: draft, onChange, problems, readOnly }: FormBuilderProps) {
  // Parts may be missing while the form is being built; every component here reads them as optional.
  const form = draft as unknown as Form;
  const [open, setOpen] = useState<number | null>(null);
  const [removed, setRemoved] = useState<{ place: number; question: Form["questions"][number] } | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const preview = usePreview(form);
  const general = generalProblems(problems);

  const change = (next: Form) => {
    setRemoved(null);
    onChange(next);
  };
  const move = (from: number, to: number) => {
    if (to < 0 || to >= form.questions.length) return;
    change(moveQuestion(form, from, to));
    if (open === from) setOpen(to);
    else if (open !== null) setOpen(shifted(open, from, to));
  };
  const remove = (place: number) => {
    const question = form.questions[place];
    if (!question) return;
    onChange(removeQuestion(form, place));
    setRemoved({ place, question });
    setOpen(open === null || open === place ? null : open > place ? open - 1 : open);
  };
  const undo = () => {
    if (!removed) return;
    change(insertQuestion(form, removed.place, removed.question));
    setOpen(removed.place);
  };
  const openNew = ({ form: next, place }: { form: Form; place: number }) => {
    change(next);
    setOpen(place);
  };

  return (
    <div className={styles.frame}>
      <div className={styles.builder}>
        <section className={styles.questions} aria-label="Questions">
          <div className={styles.toolbar}>
            {!readOnly && <AddQuestion onAdd={(kind) => openNew(addQuestion(form, kind))} />}
            <p className={styles.status} role="status">
              {removed && (
                <>
                  <span className={styles.clipped}>Deleted “{removed.question.label}”.</span>
                  <button type="button" className={styles.link} onClick={undo}>
                    Undo
                  </button>
                </>
              )}
            </p>
          </div>
          {general.map(({ path, text }) => (
            <p key={path + text} className={styles.problem}>
              {text}
            </p>
          ))}
          <ol className={styles.list}>
            {form.questions.map((question, place) => (
              <QuestionRow
                // biome-ignore lint/suspicious/noArrayIndexKey: keys of questions change while they are typed
                key={place}
                question={question}
                place={place}
                count={form.questions.length}
                startsSection={question.section !== form.questions[place - 1]?.section}
                problemCount={problemsAt(problems, place).length}
                isOpen={open === place}
                isDragged={dragged === place}
                readOnly={readOnly}
                onToggle={() => setOpen(open === place ? null : place)}
                onMove={(to) => move(place, to)}
                onDuplicate={() => openNew(duplicateQuestion(form, place))}
                onRemove={() => remove(place)}
                onDragStart={() => setDragged(place)}
                onDragEnd={() => setDragged(null)}
                onDrop={() => {
                  if (dragged !== null) move(dragged, place);
                  setDragged(null);
                }}
              >
                <QuestionEditor
                  form={form}
                  place={place}
                  problems={problemsAt(problems, place)}
                  values={preview.checked.state.values}
                  readOnly={readOnly}
                  onChange={change}
                />
              </QuestionRow>
            ))}
          </ol>
          {form.questions.length === 0 && (
            <p className={styles.empty}>The form has no questions yet. Add the first one above.</p>
          )}
        </section>
        <Preview form={form} preview={preview} />
      </div>
    </div>
  );
}

/** Where a question stands after another one moved. */
function shifted(place: number, from: number, to: number): number {
  if (from < place && to >= place) return place - 1;
  return from > place && to <= place ? place + 1 : place;
}
