import { z } from "../../../../shared/api/zod";
import { blandAltmanItem, estimate, interval, notEstimable } from "./item-schemas";

const category = z.union([z.string(), z.number(), z.boolean()]);

/** A reader's answers to the same cases twice; rows of the table are the first reading. */
export const categoriesAgainItem = z.array(
  z.object({
    reader: z.string(),
    n: z.number(),
    kappa: z.object({
      weights: z.enum(["unweighted", "linear", "quadratic"]),
      kappa: estimate,
      ci: interval,
      categories: z.array(category),
      table: z.array(z.array(z.number())),
    }),
  }),
);
export type CategoriesAgain = z.infer<typeof categoriesAgainItem>;

/** A reader's measurements of the same cases twice. */
export const measuredAgainItem = z.array(
  z.object({
    reader: z.string(),
    n: z.number(),
    bland_altman: z.union([blandAltmanItem, notEstimable]),
  }),
);

const order = z.enum(["AB", "BA"]);
export const periodsItem = z.object({
  first_arm: z.string(),
  second_arm: z.string(),
  design: z.string(),
  design_text: z.string(),
  cells: z.array(
    z.object({
      reader: z.string(),
      sequence: order,
      period: z.number(),
      arm: z.string(),
      auc: estimate,
      right: estimate,
    }),
  ),
  means: z.array(
    z.object({
      measure: z.enum(["auc", "right"]),
      sequence: order,
      period: z.number(),
      arm: z.string(),
      readers: z.array(z.string()),
      mean: estimate,
      ci: interval,
    }),
  ),
});
export type PeriodsItem = z.infer<typeof periodsItem>;
