import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Claim, TabClaim } from "./model/tab-claim";

export interface TabClaimed {
  claim: Claim;
  /** How often the read came to this tab from another one: what was loaded before is old then. */
  turn: number;
  /** Whether it may at this moment. */
  isHeld: () => boolean;
  continueHere: () => void;
  /** What to do before another tab goes on; it says whether all is safe. */
  onLeave: (does: () => Promise<boolean>) => void;
}

const UNKNOWN = { readId: "", claim: "asking" as Claim, turn: 0 };

/** Whether this tab may write to a read, or another one of this browser does. */
export function useTabClaim(readId: string): TabClaimed {
  const [known, setKnown] = useState(UNKNOWN);
  const leaving = useRef<() => Promise<boolean>>(async () => true);
  const started = useRef<TabClaim | null>(null);

  useEffect(() => {
    const claim = new TabClaim({
      name: `reading-room:${readId}`,
      onLeave: () => leaving.current(),
      onChange: (now) =>
        setKnown((before) => {
          const known = before.readId === readId ? before : UNKNOWN;
          const isBack = now === "here" && known.claim !== "asking";
          return { readId, claim: now, turn: known.turn + (isBack ? 1 : 0) };
        }),
    });
    started.current = claim;
    claim.start();
    return () => {
      claim.stop();
      leaving.current = async () => true;
    };
  }, [readId]);

  const isHeld = useCallback(() => started.current?.isHeld ?? false, []);
  const continueHere = useCallback(() => void started.current?.takeOver(), []);
  const onLeave = useCallback((does: () => Promise<boolean>) => {
    leaving.current = does;
  }, []);
  const { claim, turn } = known.readId === readId ? known : UNKNOWN;
  return useMemo(
    () => ({ claim, turn, isHeld, continueHere, onLeave }),
    [claim, turn, isHeld, continueHere, onLeave],
  );
}
