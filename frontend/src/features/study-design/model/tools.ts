/** The viewer's tools that no question needs, as the document names them. */
export const OPTIONAL_TOOLS: readonly { tool: string; label: string; does: string }[] = [
  { tool: "length", label: "Length", does: "a distance in mm" },
  { tool: "angle", label: "Angle", does: "in degrees" },
  { tool: "ellipse", label: "Ellipse", does: "area, mean and spread of its values" },
  { tool: "freehand", label: "Free region", does: "area, mean and spread of its values" },
  { tool: "arrow", label: "Arrow", does: "with a label" },
  { tool: "text", label: "Note", does: "a text on the image" },
  { tool: "probe", label: "Probe", does: "the value under the mouse" },
  { tool: "magnify", label: "Magnifier", does: "enlarges what is under the mouse" },
];

/** Whether readers have a tool; a document that names none has them all. */
export const hasTool = (tools: readonly string[] | null | undefined, tool: string): boolean =>
  tools == null || tools.includes(tool);

/** The tools with one more or less, in the order of the list above; null when none is left out. */
export function withTool(
  tools: readonly string[] | null | undefined,
  tool: string,
  isOn: boolean,
): string[] | null {
  const wanted = OPTIONAL_TOOLS.map((one) => one.tool).filter((one) =>
    one === tool ? isOn : hasTool(tools, one),
  );
  return wanted.length === OPTIONAL_TOOLS.length ? null : wanted;
}
