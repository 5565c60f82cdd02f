import { useEffect, useState } from "react";

/** What takes less than this is over before a sign of waiting could be read. */
export const LATE_AFTER_MS = 300;

/** Whether something has gone on for so long that it must be shown: a sign of every short wait would only flicker. */
export function useLate(isUnderWay: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setTimeout(() => setLate(true), LATE_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isUnderWay]);
  return isLate;
}
