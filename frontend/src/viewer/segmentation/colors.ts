// Told apart from each other and from gray, also by readers who see fewer colors.
const COLORS = [
  "#56b4e9",
  "#e69f00",
  "#2fbf8f",
  "#cc79a7",
  "#f0e442",
  "#e5703a",
  "#8f9bff",
  "#b7e36b",
] as const;

/** The color of a segment by its value, from 1. */
export const segmentColor = (value: number): string => COLORS[(value - 1) % COLORS.length] as string;
