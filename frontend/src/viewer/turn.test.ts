import { describe, expect, it } from "vitest";
import { rotationOf, turnOf, UNTURNED } from "./turn";
import type { Turn } from "./types";

type Vector = readonly [number, number];
interface Lying {
  along: Vector;
  down: Vector;
}

const TAKEN: Lying = { along: [2, 0], down: [0, 2] };

const each = ({ along, down }: Lying, move: (vector: Vector) => Vector): Lying => ({
  along: move(along),
  down: move(down),
});
// On the screen y runs down: a quarter turn clockwise takes what points right to what points down.
const MOVES: Readonly<Record<string, (vector: Vector) => Vector>> = {
  horizontal: ([x, y]) => [-x, y],
  vertical: ([x, y]) => [x, -y],
  right: ([x, y]) => [-y, x],
  left: ([x, y]) => [y, -x],
};

function turned({ isMirrored, rotation }: Turn): Lying {
  let lying = isMirrored ? each(TAKEN, MOVES.horizontal as never) : TAKEN;
  for (let degrees = 0; degrees < rotation; degrees += 90) lying = each(lying, MOVES.right as never);
  return lying;
}

/** Without the sign of zero, and without what is lost in sixteen digits. */
const plain = ({ along, down }: Lying) =>
  [...along, ...down].map((value) => Math.round(value * 1e9) / 1e9 + 0);

describe("turnOf", () => {
  it("is none of an image as it was taken", () => {
    expect(turnOf(TAKEN)).toEqual(UNTURNED);
  });

  it("puts an image where any four flips and rotations have brought it", () => {
    const moves = Object.values(MOVES);
    for (let round = 0; round < moves.length ** 4; round++) {
      let lying = TAKEN;
      for (let rest = round, step = 0; step < 4; step++, rest = Math.floor(rest / moves.length)) {
        lying = each(lying, moves[rest % moves.length] as (vector: Vector) => Vector);
      }
      expect(plain(turned(turnOf(lying)))).toEqual(plain(lying));
    }
  });

  it("takes an image whose edges are off by rounding", () => {
    expect(turnOf({ along: [1e-12, -0.7], down: [-0.7, -1e-12] })).toEqual({
      isMirrored: true,
      rotation: 90,
    });
  });
});

describe("rotationOf", () => {
  it("takes quarter turns only", () => {
    expect([0, 90, 180, 270].map(rotationOf)).toEqual([0, 90, 180, 270]);
    expect([undefined, 45, 360, Number.NaN].map(rotationOf)).toEqual([0, 0, 0, 0]);
  });
});
