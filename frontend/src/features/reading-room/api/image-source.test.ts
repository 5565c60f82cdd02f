import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fetchFirstImage, imageSource } from "./image-source";

const METADATA = [{ "00080018": { vr: "UI", Value: ["2.25.1"] } }];
let asked: string[] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return Response.json(METADATA);
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("fetchFirstImage", () => {
  it("asks for the metadata once, and for the frame that is shown first", async () => {
    fetchFirstImage("read-1", 0, 7);
    const source = imageSource("read-1");
    expect(await source.loadMetadata(0)).toEqual(METADATA);
    const path = "/api/reader/reads/read-1/series/0";
    expect(asked).toEqual([`${path}/metadata`, `${path}/frames/7`]);
    await source.loadMetadata(0);
    expect(asked).toHaveLength(3);
  });

  it("keeps nothing of a read that is not shown after all", async () => {
    fetchFirstImage("read-1", 0, 7);
    fetchFirstImage("read-2", 1, 3);
    await imageSource("read-1").loadMetadata(0);
    expect(asked.filter((path) => path.endsWith("read-1/series/0/metadata"))).toHaveLength(2);
  });
});
