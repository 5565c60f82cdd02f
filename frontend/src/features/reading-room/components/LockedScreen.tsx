import { Button } from "@mantine/core";
import { Link } from "react-router";
import styles from "../reading-room.module.css";

interface LockedScreenProps {
  alias: string | null;
  slug: string;
  isMoving: boolean;
  error: string | null;
  onNext: () => void;
}

/** A submitted read: nothing of it is shown again. */
export function LockedScreen({ alias, slug, isMoving, error, onNext }: LockedScreenProps) {
  return (
    <main className={styles.center} data-read-state="locked">
      <h1>{alias === null ? "This read is locked" : `${alias} is submitted and locked`}</h1>
      <p role="status">{isMoving ? "Opening the next case…" : (error ?? "Its answers cannot be changed.")}</p>
      <div className={styles.actions}>
        <Button onClick={onNext} loading={isMoving} data-autofocus>
          Next case
        </Button>
        <Button variant="default" component={Link} to={`/read/${slug}`}>
          Worklist
        </Button>
      </div>
    </main>
  );
}
