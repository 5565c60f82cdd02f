import { Button, Skeleton } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Feedback, getFeedback } from "../api/get-feedback";
import styles from "../reading-room.module.css";

/** What a training case should have been answered, beside the reader's own answers. */
export function FeedbackPanel({ readId }: { readId: string }) {
  const feedback = useQuery({
    queryKey: ["reading-room", "feedback", readId],
    queryFn: () => getFeedback(readId),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section className={styles.feedback} aria-label="Feedback">
      {feedback.isPending && (
        <div role="status" aria-label="Loading the feedback">
          <Skeleton height={180} animate={false} />
        </div>
      )}
      {feedback.isError && (
        <>
          <p>The feedback could not be loaded.</p>
          <Button size="xs" variant="default" onClick={() => void feedback.refetch()}>
            Try again
          </Button>
        </>
      )}
      {feedback.data && <FeedbackContent feedback={feedback.data} />}
    </section>
  );
}

export function FeedbackContent({ feedback }: { feedback: Feedback }) {
  const scored = feedback.compared.filter((one) => one.is_right !== null);
  const right = scored.filter((one) => one.is_right === true).length;
  return (
    <>
      {scored.length > 0 && (
        <p className={styles.feedbackScore} data-feedback-score>
          {right} of {scored.length} scored answers right
        </p>
      )}
      {feedback.compared.length > 0 && (
        <table className={styles.feedbackTable}>
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Your answer</th>
              <th scope="col">Expected</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {feedback.compared.map((one) => (
              <tr key={one.question} data-right={one.is_right ?? undefined}>
                <th scope="row">{one.label}</th>
                <td>{one.answer}</td>
                <td>{one.expected}</td>
                <td>
                  <Verdict isRight={one.is_right} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {feedback.text !== "" && <p className={styles.feedbackText}>{feedback.text}</p>}
    </>
  );
}

function Verdict({ isRight }: { isRight: boolean | null }) {
  if (isRight === null) return <span className={styles.dim}>not scored</span>;
  const Icon = isRight ? IconCheck : IconX;
  return (
    <span className={styles.verdict} data-right={isRight}>
      <Icon size={16} stroke={2} aria-hidden />
      {isRight ? "right" : "wrong"}
    </span>
  );
}
