// @vitest-environment node
import { describe, expect, it } from "vitest";
import { seeded } from "../testing";
import { packed, unpacked } from "./labelmap-codec";

const noisy = (length: number): Uint8Array => {
  const random = seeded(3);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
};

/** The bytes themselves are too many to be told when they differ. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, place) => value === b[place]);

describe("labelmap codec", () => {
  it.each([
    ["nothing painted", new Uint8Array(40 * 320 * 320)],
    ["every value, longer than a chunk of base64", noisy(100_003)],
    ["one voxel", Uint8Array.of(255)],
  ])("gives back %s", async (_, labels) => {
    const data = await packed(labels);
    expect(isSame(await unpacked(data, labels.length), labels)).toBe(true);
  });

  it("reads what another gzip packed", async () => {
    // Python 3.11: base64.b64encode(gzip.compress(bytes([1, 2, 3, 0, 0, 0, 255]), mtime=0))
    const data = "H4sIAAAAAAACA2NkYmZgYPgPAJzgcRwHAAAA";
    expect([...(await unpacked(data, 7))]).toEqual([1, 2, 3, 0, 0, 0, 255]);
  });

  it("packs what was there when it was asked to, whatever is painted meanwhile", async () => {
    const labels = new Uint8Array(1_000).fill(1);
    const packing = packed(labels);
    labels.fill(2);
    expect(await unpacked(await packing, 1_000)).toEqual(new Uint8Array(1_000).fill(1));
  });

  it("refuses what has another size or is no gzip", async () => {
    await expect(unpacked(await packed(new Uint8Array(8)), 9)).rejects.toThrow("holds 8 voxels, not 9");
    await expect(unpacked(btoa("not a gzip at all"), 9)).rejects.toThrow();
  });
});
