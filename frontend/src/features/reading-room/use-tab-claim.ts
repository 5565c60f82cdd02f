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

export interface TabClaims extends TabClaimed {
  /** Claim the read that comes next, so that it need not wait for that; resolves once it is known whose it is. */
  claimAhead: (readId: string) => Promise<void>;
}

interface Known {
  claim: Claim;
  turn: number;
}

const UNKNOWN: Known = { claim: "asking", turn: 0 };

/** Whether this tab may write to a read, or another one of this browser does. */
export function useTabClaim(readId: string): TabClaims {
  const [known, setKnown] = useState<Readonly<Record<string, Known>>>({});
  const [claims] = useState(() => new Map<string, TabClaim>());
  const leaving = useRef(new Map<string, () => Promise<boolean>>());

  const begin = useCallback(
    (id: string): Promise<void> =>
      new Promise((resolve) => {
        for (const [left, claim] of claims) if (claim.isStopped) claims.delete(left);
        const claim = new TabClaim({
          name: `reading-room:${id}`,
          onLeave: async () => (await leaving.current.get(id)?.()) ?? true,
          onChange: (now) => {
            setKnown((before) => {
              const { claim, turn } = before[id] ?? UNKNOWN;
              const isBack = now === "here" && claim !== "asking";
              return { ...before, [id]: { claim: now, turn: turn + (isBack ? 1 : 0) } };
            });
            resolve();
          },
        });
        claims.set(id, claim);
        claim.start();
      }),
    [claims],
  );

  useEffect(() => {
    if (claims.get(readId)?.isStopped ?? true) void begin(readId);
    const handlers = leaving.current;
    return () => {
      // It is still asked whether it was held: what is unsaved then goes to the server after this.
      claims.get(readId)?.stop();
      handlers.delete(readId);
      setKnown(({ [readId]: _left, ...others }) => others);
    };
  }, [readId, begin, claims]);

  useEffect(
    () => () => {
      for (const claim of claims.values()) claim.stop();
    },
    [claims],
  );

  const isHeld = useCallback(() => claims.get(readId)?.isHeld ?? false, [claims, readId]);
  const continueHere = useCallback(() => void claims.get(readId)?.takeOver(), [claims, readId]);
  const onLeave = useCallback(
    (does: () => Promise<boolean>) => void leaving.current.set(readId, does),
    [readId],
  );
  const claimAhead = useCallback(
    (id: string) => (claims.get(id)?.isStopped === false ? Promise.resolve() : begin(id)),
    [claims, begin],
  );
  const { claim, turn } = known[readId] ?? UNKNOWN;
  return useMemo(
    () => ({ claim, turn, isHeld, continueHere, onLeave, claimAhead }),
    [claim, turn, isHeld, continueHere, onLeave, claimAhead],
  );
}
