import { NumberInput, type NumberInputProps } from "@mantine/core";

interface WholeNumberProps extends Omit<NumberInputProps, "value" | "onChange"> {
  value: number | null;
  onChange: (value: number) => void;
  /** An empty field means no limit; without this an empty field keeps the value before. */
  onEmpty?: () => void;
}

/** A number field that hands on numbers only; out of its range it keeps what the range allows. */
export function WholeNumber({ value, onChange, onEmpty, ...rest }: WholeNumberProps) {
  return (
    <NumberInput
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="blur"
      size="sm"
      {...rest}
      value={value ?? ""}
      onChange={(next) => {
        if (next === "") onEmpty?.();
        else if (typeof next === "number" && isWithin(next, rest.min, rest.max)) onChange(next);
      }}
    />
  );
}

function isWithin(value: number, min: number | undefined, max: number | undefined): boolean {
  return Number.isFinite(value) && value >= (min ?? 0) && value <= (max ?? Number.MAX_SAFE_INTEGER);
}
