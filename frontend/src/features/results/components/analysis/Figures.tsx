import { NativeSelect } from "@mantine/core";
import { type ReactNode, useState } from "react";

/** More figures than this are shown one at a time. */
const AT_ONCE = 3;

export interface FigureEntry {
  key: string;
  title: string;
  figure: ReactNode;
}

/** The figures of one part: all below each other, or where there are many the one that is chosen. */
export function Figures({ entries }: { entries: readonly FigureEntry[] }) {
  const [chosen, setChosen] = useState(entries[0]?.key ?? "");
  if (entries.length <= AT_ONCE) return entries.map((entry) => entry.figure);
  const open = entries.find((entry) => entry.key === chosen) ?? entries[0];
  return (
    <div className="rr-figures">
      <NativeSelect
        label={`Figure, one of ${entries.length}`}
        size="sm"
        maw={880}
        value={open?.key}
        data={entries.map(({ key, title }) => ({ value: key, label: title }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      {open?.figure}
    </div>
  );
}
