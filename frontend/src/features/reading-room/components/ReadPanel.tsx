import { Button } from "@mantine/core";
import type { RefObject } from "react";
import { checkForm, requiredProgress } from "../../../shared/forms/check";
import { ErrorSummary, focusQuestion } from "../../../shared/forms/components/ErrorSummary";
import { FormFields } from "../../../shared/forms/components/FormFields";
import { computedValues } from "../../../shared/forms/computed";
import { isOfKind } from "../../../shared/forms/types";
import type { ModelOverlays } from "../../../viewer/model-overlays";
import type { ViewerHandle } from "../../../viewer/StackViewer";
import type { OpenRead } from "../api/read";
import { drawingTargets } from "../model/drawings";
import { submitWords } from "../model/submit-words";
import styles from "../reading-room.module.css";
import type { Draft } from "../use-draft";
import type { TabClaimed } from "../use-tab-claim";
import { AidPanel } from "./AidPanel";
import { BlockedBanner, DraftBanners } from "./DraftBanners";
import { DrawnList } from "./DrawnList";
import { NoteList } from "./NoteList";

interface ReadPanelProps {
  read: OpenRead;
  draft: Draft;
  problems: Readonly<Record<string, string>>;
  refusal: string | null;
  isSubmitting: boolean;
  /** Nothing can be entered now: another tab writes, or a choice is to be made first. */
  isDisabled: boolean;
  claimed: TabClaimed;
  viewer: RefObject<ViewerHandle | null>;
  overlays: ModelOverlays;
  /** The question that the viewer draws for now. */
  armed: string | null;
  panel: RefObject<HTMLElement | null>;
  onAnswered: (question: string) => void;
  onReload: () => void;
  onSubmit: () => void;
  /** Give the keyboard to the images. */
  onToImages: () => void;
  /** The model's output came to the screen, or left it. */
  onAidShown: (isShown: boolean) => void;
}

export function ReadPanel(props: ReadPanelProps) {
  const { read, draft, problems, refusal, isSubmitting, claimed, viewer, armed, panel } = props;
  const { onAnswered, onReload, onSubmit, onAidShown, onToImages } = props;
  const isDisabled = props.isDisabled || isSubmitting;
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
    onToImages();
  };
  return (
    <aside
      ref={panel}
      className={styles.panel}
      aria-label="Reading form"
      inert={isSubmitting}
      data-reading-panel
    >
      <div>
        <DraftBanners form={read.form} draft={draft} claimed={claimed} onReload={onReload} />
        <BlockedBanner />
      </div>
      <div className={styles.scroll}>
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
        {read.aid_released && (
          <AidPanel
            readId={read.id}
            overlays={props.overlays}
            onShown={onAidShown}
            onShowSlice={(series, frame) => viewer.current?.show(series, frame)}
          />
        )}
        <FormFields
          form={read.form}
          answers={answers}
          state={checked.state}
          problems={asked}
          isDisabled={isDisabled}
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
            segments: {
              onChoose: ({ painted }) => {
                if (!painted) return;
                viewer.current?.chooseSegment(painted.id);
                viewer.current?.show(painted.series, painted.frame);
              },
              onName: (id, words) => viewer.current?.nameSegment(id, words),
              onToggleVisible: (id) => viewer.current?.toggleSegment(id),
              onRemoveSegment: (id) => viewer.current?.removeSegment(id),
              onNewSegment: () => {
                viewer.current?.chooseSegment(null);
                onToImages();
              },
              onDone: onToImages,
            },
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
              isDisabled={isDisabled}
              onShow={(one) => viewer.current?.select(one.uuid, one.series, one.frame)}
              differences={draft.differences}
              onFill={draft.fillFrom}
              onRemove={(uuid) => viewer.current?.removeDrawing(uuid)}
            />
          }
        />
        <NoteList
          annotations={draft.content.annotations ?? []}
          differences={draft.differences}
          isDisabled={isDisabled}
          onShow={(one) => viewer.current?.select(one.uuid, one.series, one.frame)}
          onWrite={(uuid) => {
            onToImages();
            viewer.current?.write(uuid);
          }}
          onRemove={(uuid) => viewer.current?.removeDrawing(uuid)}
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
        <Button onClick={onSubmit} loading={isSubmitting} disabled={isDisabled} fullWidth>
          {submitWords(read).ask}
        </Button>
      </div>
    </aside>
  );
}
