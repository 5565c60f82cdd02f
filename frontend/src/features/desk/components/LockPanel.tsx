import { Button, List, Paper, Skeleton, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { progressQuery, type StudyProgress } from "../api/get-progress";
import { readsMissingText } from "../model/lock";
import { LockDialog } from "./LockDialog";
import { useDeskStudy } from "./use-desk-study";
import "./desk.css";

function missingByReader(progress: StudyProgress): { name: string; missing: number }[] {
  return progress.readers
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
  const [isOpen, setIsOpen] = useState(false);
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
          Nobody at the desk sees an answer, a score or the truth before. The lock ends all reading, freezes
          the data and computes agreement, ROC and comparisons from them.
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
        {study.permissions.lock && (
          <Button
            mt="lg"
            variant={study.missing_reads === 0 ? "filled" : "default"}
            leftSection={<IconLock size={16} stroke={1.75} aria-hidden />}
            onClick={() => setIsOpen(true)}
          >
            Lock database…
          </Button>
        )}
        {isReading && !study.permissions.lock && (
          <Text size="sm" c="dimmed" mt="md">
            The study's coordinator locks the database.
          </Text>
        )}
      </div>
      {study.permissions.lock && (
        <LockDialog study={study} isOpen={isOpen} onClose={() => setIsOpen(false)} />
      )}
    </Paper>
  );
}
