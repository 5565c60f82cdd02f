import { List, Paper, Skeleton, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { progressQuery, type StudyProgress } from "../api/get-progress";
import { readsMissingText } from "../model/lock";
import { LockActions } from "./LockActions";
import { useDeskStudy } from "./use-desk-study";
import "./desk.css";

function missingByReader(progress: StudyProgress): { name: string; missing: number }[] {
  return progress.readers
    .filter((reader) => !reader.is_withdrawn)
    .map(({ name, sessions }) => ({
      name,
      missing: sessions.reduce((sum, one) => sum + one.total - one.submitted, 0),
    }))
    .filter((reader) => reader.missing > 0);
}

/** What stands where results will be: why they are hidden, what is missing, and the way to lock. */
export function LockPanel() {
  const study = useDeskStudy();
  const progress = useQuery({ ...progressQuery(study.slug), enabled: study.permissions.progress });
  const isReading = study.phase === "READING";
  return (
    <Paper withBorder className="rr-lock" component="section" aria-labelledby="lock-title">
      <span className="rr-lock-icon">
        <IconLock size={28} stroke={1.5} aria-hidden />
      </span>
      <div>
        <Title order={2} id="lock-title">
          Results are hidden until the database lock
        </Title>
        <Text size="sm" c="dimmed" mt={4} maw="64ch">
          Nobody at the desk sees an answer, a score or the truth before. The lock takes two people: one
          requests it, another confirms it. It ends all reading, freezes the data and computes agreement, ROC
          and comparisons from them.
        </Text>
        <div className="rr-lock-missing">
          {isReading ? (
            <>
              <Text size="sm" fw={550} className="rr-tabular">
                {readsMissingText(study.missing_reads)}
              </Text>
              {progress.isPending && study.permissions.progress && (
                <Skeleton h={40} mt={6} w={260} animate={false} />
              )}
              {progress.data !== undefined && (
                <List size="sm" mt={6} className="rr-tabular rr-dim">
                  {missingByReader(progress.data).map((reader) => (
                    <List.Item key={reader.name}>
                      {reader.name}: {reader.missing} to come
                    </List.Item>
                  ))}
                </List>
              )}
            </>
          ) : (
            <Text size="sm">The protocol is not frozen yet; reading has not begun.</Text>
          )}
        </div>
        {isReading && <LockActions study={study} />}
      </div>
    </Paper>
  );
}
