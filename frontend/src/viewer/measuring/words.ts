import type { Annotation } from "../types";

const NAMES: Readonly<Record<Annotation["tool"], string>> = {
  length: "Length",
  angle: "Angle",
  ellipse: "Ellipse",
  freehand: "Region",
  arrow: "Arrow",
  text: "Note",
};

export const annotationName = ({ tool }: Pick<Annotation, "tool">): string => NAMES[tool];

/** The lines beside an annotation on the image. `unit` is that of the pixel values, empty where they have none. */
export function annotationLines(one: Pick<Annotation, "tool" | "text" | "values">, unit = ""): string[] {
  const { values } = one;
  switch (one.tool) {
    case "length":
      return values.length_mm === undefined ? [] : [`${values.length_mm.toFixed(1)} mm`];
    case "angle":
      return values.angle_deg === undefined ? ["angle not defined"] : [`${values.angle_deg.toFixed(1)}°`];
    case "ellipse":
    case "freehand":
      return regionLines(values, unit);
    case "arrow":
    case "text":
      return one.text ? one.text.split("\n") : [];
  }
}

/** The same in one line, for a list. */
export function annotationWords(one: Pick<Annotation, "tool" | "text" | "values">, unit = ""): string {
  return [annotationName(one), annotationLines(one, unit).join(", ")].filter((part) => part !== "").join(" ");
}

/** The unit of a value in the words of a field name: `length_mm` is in mm. */
export function fieldWords(field: string, value: number): string {
  const text = value.toFixed(2);
  if (field.endsWith("_mm2")) return `${text} mm²`;
  if (field.endsWith("_mm")) return `${text} mm`;
  if (field.endsWith("_deg")) return `${text}°`;
  return field === "pixels" ? `${value} pixels` : `${field} ${text}`;
}

function regionLines(values: Annotation["values"], unit: string): string[] {
  const { area_mm2, pixels, mean, sd, min, max } = values;
  const lines = area_mm2 === undefined ? [] : [`${area_mm2.toFixed(1)} mm²`];
  if (pixels === 0) return [...lines, "no pixel center within"];
  if (pixels === undefined || mean === undefined || sd === undefined) return lines;
  const inUnit = unit === "" ? "" : ` ${unit}`;
  const range = min === undefined || max === undefined ? [] : [`${number(min)} to ${number(max)}${inUnit}`];
  return [...lines, `mean ${number(mean)}, SD ${number(sd)}${inUnit}`, ...range, `n ${pixels}`];
}

/** As many digits as a value of any size needs: four that count. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000 || Number.isInteger(value)) return value.toFixed(0);
  const decimals = size === 0 ? 0 : Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(size))));
  return value.toFixed(decimals);
}
