import { Button } from "@mantine/core";
import { Link } from "react-router";
import styles from "../reading-room.module.css";
import { SecondNote } from "../second-window/SecondBar";
import { FeedbackPanel } from "./FeedbackPanel";

interface LockedScreenProps {
  readId: string;
  alias: string | null;
  slug: string;
  hasFeedback: boolean;
  /** Whether the reader's way leads to the worklist: there is no next case now, or a part has ended. */
  isEnd: boolean;
  isMoving: boolean;
  error: string | null;
  onNext: () => void;
}

/** A submitted read: nothing of it is shown again, but for the feedback to a training case. */
export function LockedScreen(props: LockedScreenProps) {
  const { readId, alias, slug, hasFeedback, isEnd, isMoving, error, onNext } = props;
  const title = hasFeedback ? `${alias ?? "This case"}: feedback` : `${alias} is submitted and locked`;
  const rest = hasFeedback ? null : "Its answers cannot be changed.";
  return (
    <main className={styles.center} data-read-state="locked">
      <h1>{alias === null && !hasFeedback ? "This read is locked" : title}</h1>
      {hasFeedback && !isMoving && <FeedbackPanel readId={readId} />}
      <p role="status">{isMoving ? "Opening the next case…" : (error ?? rest)}</p>
      <SecondNote text={isMoving ? "Opening the next case…" : "Please go on in the window of the images."} />
      <div className={styles.actions}>
        {isEnd ? (
          <Button component={Link} to={`/read/${slug}`} data-autofocus>
            To the worklist
          </Button>
        ) : (
          <>
            <Button onClick={onNext} loading={isMoving} data-autofocus>
              Next case
            </Button>
            <Button variant="default" component={Link} to={`/read/${slug}`}>
              Worklist
            </Button>
          </>
        )}
      </div>
    </main>
  );
}
