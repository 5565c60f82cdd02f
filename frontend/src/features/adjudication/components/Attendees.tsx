import { Checkbox, Group } from "@mantine/core";
import styles from "../room.module.css";

interface AttendeesProps {
  codes: readonly string[];
  chosen: readonly string[];
  problem: string | undefined;
  isDisabled: boolean;
  onChange: (chosen: string[]) => void;
}

/** Who took part in the meeting, by the codes that the protocol gives the readers. */
export function Attendees({ codes, chosen, problem, isDisabled, onChange }: AttendeesProps) {
  return (
    <fieldset className={styles.fieldset} data-attendees>
      <legend>Who took part</legend>
      <Group gap="md">
        {codes.map((code) => (
          <Checkbox
            key={code}
            label={code}
            checked={chosen.includes(code)}
            disabled={isDisabled}
            onChange={(event) =>
              onChange(
                codes.filter((one) => (one === code ? event.currentTarget.checked : chosen.includes(one))),
              )
            }
          />
        ))}
      </Group>
      {problem !== undefined && <p className={styles.problem}>{problem}</p>}
    </fieldset>
  );
}
