import { api } from "../../../shared/api/client";
import { z } from "../../../shared/api/zod";
import { readPath } from "./read-ahead";

const feedbackSchema = z.object({
  alias: z.string(),
  compared: z.array(
    z.object({
      question: z.string(),
      label: z.string(),
      answer: z.string(),
      expected: z.string(),
      /** Null: shown to learn from, and not scored. */
      is_right: z.boolean().nullable(),
    }),
  ),
  text: z.string(),
});
export type Feedback = z.infer<typeof feedbackSchema>;

/** How a training case should have been answered; the server tells it after the submission alone. */
export function getFeedback(readId: string): Promise<Feedback> {
  return api.get(`${readPath(readId)}/feedback`, feedbackSchema);
}
