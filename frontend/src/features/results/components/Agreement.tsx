import { NativeSelect, Text } from "@mantine/core";
import { useState } from "react";
import type { Results } from "../api/get-results";
import { agreementQuestions } from "../model/tables";
import { KappaMatrix } from "./KappaMatrix";

export function Agreement({ results }: { results: Results }) {
  const questions = agreementQuestions(results);
  const [chosen, setChosen] = useState<string | null>(null);
  const question = questions.find((one) => one.id === chosen) ?? questions[0];
  if (question === undefined) {
    return (
      <Text size="sm" c="dimmed">
        Agreement needs at least two raters who rated the same cases.
      </Text>
    );
  }
  return (
    <>
      <NativeSelect
        label="Question"
        data={questions.map((one) => ({ value: one.id, label: one.label }))}
        value={question.id}
        onChange={(event) => setChosen(event.currentTarget.value)}
        maw={420}
      />
      <div className="rr-kappas">
        {question.tables.map((table) => (
          <KappaMatrix key={table.arm} table={table} level={results.level} />
        ))}
      </div>
      <Text size="xs" c="dimmed">
        Bands of Landis and Koch: poor below 0, slight to 0.20, fair to 0.40, moderate to 0.60, substantial to
        0.80, almost perfect to 1.
      </Text>
    </>
  );
}
