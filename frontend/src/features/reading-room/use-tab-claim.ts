import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
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

/** What is known of each read; of one that is claimed ahead nothing is drawn anew. */
class KnownClaims {
  private readonly known = new Map<string, Known>();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  of(readId: string): Known {
    return this.known.get(readId) ?? UNKNOWN;
  }

  /** Null forgets it. */
  set(readId: string, known: Known | null): void {
    if (known === null) this.known.delete(readId);
    else this.known.set(readId, known);
    for (const listener of this.listeners) listener();
  }
}

/** Whether this tab may write to a read, or another one of this browser does. */
export function useTabClaim(readId: string): TabClaims {
  const [known] = useState(() => new KnownClaims());
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
            const { claim, turn } = known.of(id);
            const isBack = now === "here" && claim !== "asking";
            known.set(id, { claim: now, turn: turn + (isBack ? 1 : 0) });
            resolve();
          },
        });
        claims.set(id, claim);
        claim.start();
      }),
    [claims, known],
  );

  useEffect(() => {
    if (claims.get(readId)?.isStopped ?? true) void begin(readId);
    const handlers = leaving.current;
    return () => {
      // It is still asked whether it was held: what is unsaved then goes to the server after this.
      claims.get(readId)?.stop();
      handlers.delete(readId);
      known.set(readId, null);
    };
  }, [readId, begin, claims, known]);

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
  const { claim, turn } = useSyncExternalStore(known.subscribe, () => known.of(readId));
  return useMemo(
    () => ({ claim, turn, isHeld, continueHere, onLeave, claimAhead }),
    [claim, turn, isHeld, continueHere, onLeave, claimAhead],
  );
}
