import { MantineProvider } from "@mantine/core";
import { type RenderResult, render } from "@testing-library/react";
import type { ReactNode } from "react";
import type { Form } from "./types";

/** Render with the theme's provider, in a browser that matches no media query and measures nothing. */
export function renderThemed(content: ReactNode): RenderResult {
  window.matchMedia ??= (query) =>
    ({
      matches: false,
      media: query,
      addEventListener: () => {},
      removeEventListener: () => {},
    }) as unknown as MediaQueryList;
  window.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  if (!("fonts" in document)) {
    Object.defineProperty(document, "fonts", { value: new EventTarget() });
  }
  // user-event asks for it to walk a group of radio buttons; our names need no escape.
  window.CSS ??= { escape: (name: string) => name } as typeof CSS;
  return render(content, {
    wrapper: ({ children }) => <MantineProvider env="test">{children}</MantineProvider>,
  });
}

const base = { help: "", required: true };
const option = (value: string, label: string, at?: [number, number]) => ({ value, label, at });

/** One question of every kind, with a section, a condition and what follows from the answers. */
export const everyKind: Form = {
  version: 1,
  questions: [
    {
      ...base,
      key: "signs",
      kind: "choice",
      label: "Signs",
      multiple: true,
      section: "Findings",
      options: [option("necrosis", "Necrosis"), option("margin", "Margin"), option("edema", "Edema")],
    },
    {
      ...base,
      key: "stage",
      kind: "choice",
      label: "Stage",
      section: "Findings",
      options: [option("t1", "T1"), option("t2", "T2")],
    },
    {
      ...base,
      key: "region",
      kind: "location",
      label: "Region",
      section: "Findings",
      diagram: "pelvis",
      view: "axial",
      options: [
        option("right_obturator", "Right obturator", [39, 47]),
        option("left_obturator", "Left obturator", [61, 47]),
      ],
    },
    {
      ...base,
      key: "depth",
      kind: "number",
      label: "Depth",
      section: "Findings",
      help: "From the muscle outward.",
      min: 0,
      max: 30,
      step: 0.5,
      unit: "mm",
    },
    {
      ...base,
      key: "short",
      kind: "measurement",
      label: "Short axis",
      section: "Findings",
      min: 1,
      max: 60,
      step: 0.1,
      unit: "mm",
      axis: "short",
    },
    {
      ...base,
      key: "long",
      kind: "measurement",
      label: "Long axis",
      section: "Findings",
      min: 1,
      max: 120,
      step: 0.1,
      unit: "mm",
      axis: "long",
    },
    { ...base, key: "suspicious", kind: "yes_no", label: "Suspicious", section: "Judgement" },
    {
      ...base,
      key: "rating",
      kind: "ordinal",
      label: "Rating",
      section: "Judgement",
      options: [1, 2, 3].map((value) => ({ value, label: `Anchor ${value}` })),
    },
    { ...base, key: "chance", kind: "probability", label: "Chance", section: "Judgement" },
    {
      ...base,
      key: "lesions",
      kind: "mark",
      label: "Lesions",
      section: "Judgement",
      max_marks: 2,
      options: [1, 2].map((value) => ({ value, label: `Sure ${value}` })),
    },
    { ...base, key: "tumor", kind: "mask", label: "Tumor", section: "Judgement" },
    {
      ...base,
      key: "why",
      kind: "text",
      label: "Why",
      section: "Judgement",
      show_if: "suspicious",
    },
    {
      ...base,
      required: false,
      key: "ratio",
      kind: "derived",
      label: "Ratio",
      section: "Judgement",
      expr: "round(short / long, 2)",
      type: "number",
    },
  ],
};
