/** The parts of the protocol as the designer shows them. */
export type Section =
  | "outline"
  | "design"
  | "order"
  | "form"
  | "training"
  | "adjudication"
  | "cases"
  | "summary";

export const SECTIONS: readonly { key: Section; label: string }[] = [
  { key: "outline", label: "Outline" },
  { key: "design", label: "Arms and sessions" },
  { key: "order", label: "Order and washout" },
  { key: "form", label: "Form" },
  { key: "training", label: "Training" },
  { key: "adjudication", label: "Adjudication" },
  { key: "cases", label: "Cases" },
  { key: "summary", label: "Summary" },
];

/** Where a problem is mended. */
export function sectionOf(path: string): Section {
  if (path.startsWith("design") && path.endsWith("washout_days")) return "order";
  const head = path.split(/[.[]/)[0] ?? "";
  switch (head) {
    case "design":
    case "readers":
      return "design";
    case "case_order":
    case "washout":
    case "hidden_repeats":
    case "sittings":
    case "signature":
      return "order";
    case "form":
    case "tools":
      return "form";
    case "training":
      return "training";
    case "adjudication":
      return "adjudication";
    case "cases":
      return "cases";
    default:
      return "outline";
  }
}

/** Where a problem is mended, as a link with the name of the place. */
export function placeOf(slug: string, path: string): { to: string; label: string } {
  if (path === "readers") return { to: `/desk/${slug}/people`, label: "People" };
  const section = sectionOf(path);
  return { to: `/desk/${slug}/design/${section}`, label: sectionTitle(section) };
}

/** The name of the part that a place of the protocol belongs to. */
export function partTitle(path: string): string {
  return sectionTitle(sectionOf(path));
}

function sectionTitle(section: Section): string {
  return SECTIONS.find(({ key }) => key === section)?.label ?? section;
}
