/** With a fixed number of decimals the input hands over text: "4.0" is a number too, and only an empty field is none. */
export function numberOf(value: number | string): number | null {
  const number = typeof value === "number" ? value : Number.parseFloat(value);
  return Number.isFinite(number) ? number : null;
}
