import { Button } from "@mantine/core";
import type { RefObject } from "react";
import { Link } from "react-router";
import { checkForm, requiredProgress } from "../../../shared/forms/check";
import { ErrorSummary, focusQuestion } from "../../../shared/forms/components/ErrorSummary";
import { FormFields } from "../../../shared/forms/components/FormFields";
import { computedValues } from "../../../shared/forms/computed";
import { isOfKind } from "../../../shared/forms/types";
import type { ViewerHandle } from "../../../viewer/StackViewer";
import type { OpenRead } from "../api/read";
import { drawingTargets } from "../model/drawings";
import { submitWords } from "../model/submit-words";
import styles from "../reading-room.module.css";
import type { Draft } from "../use-draft";
import { AidPanel } from "./AidPanel";
import { DrawnList } from "./DrawnList";

interface ReadPanelProps {
  read: OpenRead;
  draft: Draft;
  problems: Readonly<Record<string, string>>;
  refusal: string | null;
  isSubmitting: boolean;
  viewer: RefObject<ViewerHandle | null>;
  /** The question that the viewer draws for now. */
  armed: string | null;
  panel: RefObject<HTMLElement | null>;
  onAnswered: (question: string) => void;
  onReload: () => void;
  onSubmit: () => void;
  /** The model's output came to the screen, or left it. */
  onAidShown: (isShown: boolean) => void;
}

export function ReadPanel(props: ReadPanelProps) {
  const { read, draft, problems, refusal, isSubmitting, viewer, armed, panel } = props;
  const { onAnswered, onReload, onSubmit, onAidShown } = props;
  const { answers, measurements } = draft.content;
  const checked = checkForm(read.form, read.schema, answers, {
    isComplete: false,
    computed: computedValues(read.form, draft.drawn),
  });
  const { done, total } = requiredProgress(checked);
  // A question that was wrong and is asked no longer is nothing to correct.
  const asked = Object.fromEntries(
    Object.entries(problems).filter(([key]) => checked.state.visible.has(key)),
  );
  const measured = read.form.questions.find(isOfKind("measurement"));
  const arm = (question: string) => {
    viewer.current?.arm(question);
    viewer.current?.focus();
  };
  return (
    <aside ref={panel} className={styles.panel} aria-label="Reading form" data-reading-panel>
      <div className={styles.scroll}>
        <Banners draft={draft} slug={read.study.slug} onReload={onReload} />
        {read.correction !== null && (
          <div className={styles.banner} role="note">
            <span>
              This case is open for a correction. You asked for it: “{read.correction.reason}” Your first
              answers stay on record.
            </span>
          </div>
        )}
        {read.case_info.length > 0 && (
          <dl className={styles.caseInfo}>
            {read.case_info.map(({ label, value }) => (
              <div key={label} style={{ display: "contents" }}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {read.aid_released && <AidPanel readId={read.id} onShown={onAidShown} />}
        <FormFields
          form={read.form}
          answers={answers}
          state={checked.state}
          problems={asked}
          isDisabled={isSubmitting}
          onAnswer={(key, value) => {
            draft.setAnswer(key, value);
            onAnswered(key);
          }}
          drawing={{
            drawn: draft.drawn,
            armed,
            onArm: arm,
            onRemove: (uuid) => viewer.current?.removeDrawing(uuid),
            onRate: (uuid, rating) => viewer.current?.rateMark(uuid, rating),
            onShow: (place) => viewer.current?.show(place.series, place.frame),
          }}
          belowMeasures={
            <DrawnList
              measurements={measurements}
              help={measured?.help ?? ""}
              targets={drawingTargets(read.form).filter(({ question }) =>
                checked.state.visible.has(question),
              )}
              armed={armed}
              onArm={arm}
              isDisabled={isSubmitting}
              onShow={(one) => viewer.current?.show(one.series, one.frame)}
              onFill={draft.fillFrom}
              onRemove={(uuid) => viewer.current?.removeDrawing(uuid)}
            />
          }
        />
      </div>
      <div className={styles.footer}>
        {refusal !== null && (
          <p className={styles.problem} role="alert">
            {refusal}
          </p>
        )}
        <ErrorSummary form={read.form} problems={asked} onGoTo={(key) => focusQuestion(panel.current, key)} />
        <span className={styles.dim} data-progress>
          {done} of {total} answered
        </span>
        <Button onClick={onSubmit} loading={isSubmitting} fullWidth>
          {submitWords(read).ask}
        </Button>
      </div>
    </aside>
  );
}

/** What has become of the draft; it stays in view however far the form is scrolled. */
function Banners({ draft, slug, onReload }: { draft: Draft; slug: string; onReload: () => void }) {
  if (draft.conflict) {
    return (
      <div className={`${styles.banner} ${styles.alert}`} role="alert">
        <span>
          This browser kept entries from {new Date(draft.conflict.keptAt).toLocaleTimeString()} that differ
          from those saved elsewhere since.
        </span>
        <div className={styles.bannerActions}>
          <Button size="xs" variant="default" onClick={() => draft.resolveConflict("here")}>
            Use those kept here
          </Button>
          <Button size="xs" variant="default" onClick={() => draft.resolveConflict("server")}>
            Use those saved
          </Button>
        </div>
      </div>
    );
  }
  if (draft.saveState.kind === "elsewhere") {
    return (
      <div className={`${styles.banner} ${styles.alert}`} role="alert">
        <span>
          This case is open in another tab or window, which has saved since. Nothing was overwritten.
        </span>
        <div className={styles.bannerActions}>
          <Button size="xs" variant="default" onClick={onReload}>
            Reload this case
          </Button>
        </div>
      </div>
    );
  }
  if (draft.saveState.kind === "refused") {
    return (
      <div className={`${styles.banner} ${styles.alert}`} role="alert">
        <span>
          {draft.saveState.isGone
            ? "This case is not yours to read any more. What you entered last was not saved."
            : `The server did not take the draft: ${draft.saveState.text}`}
        </span>
        <div className={styles.bannerActions}>
          <Button size="xs" variant="default" component={Link} to={`/read/${slug}`}>
            To the worklist
          </Button>
        </div>
      </div>
    );
  }
  return null;
}
