import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openRead } from "../testing/lpln";
import { imageSource } from "./image-source";
import { fetchFirstImage, fetchOpened, takeAhead } from "./read-ahead";

const METADATA = [{ "00080018": { vr: "UI", Value: ["2.25.1"] } }];
const PATH = `/api/reader/reads/${openRead.id}`;
let asked: string[] = [];
let answers: Record<string, unknown> = {};

beforeEach(() => {
  asked = [];
  answers = {};
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return path in answers ? Response.json(answers[path]) : new Response("", { status: 404 });
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("fetchFirstImage", () => {
  it("asks for the metadata once, and for the frame that is shown first", async () => {
    answers[`${PATH}/series/0/metadata`] = METADATA;
    fetchFirstImage(openRead.id, 0, 7);
    const source = imageSource(openRead.id);
    expect(await source.loadMetadata(0)).toEqual(METADATA);
    expect(asked).toEqual([`${PATH}/series/0/metadata`, `${PATH}/series/0/frames/7`]);
    await source.loadMetadata(0);
    expect(asked).toHaveLength(3);
  });

  it("keeps nothing of a read that is not shown after all", async () => {
    answers[`${PATH}/series/0/metadata`] = METADATA;
    fetchFirstImage(openRead.id, 0, 7);
    fetchFirstImage("another", 1, 3);
    expect(await takeAhead(`${PATH}/series/0/metadata`)).toBeNull();
  });

  it("lets the viewer ask again for what failed", async () => {
    fetchFirstImage(openRead.id, 0, 7);
    answers[`${PATH}/series/0/metadata`] = METADATA;
    await expect(takeAhead(`${PATH}/series/0/metadata`)).resolves.toBeNull();
    expect(await imageSource(openRead.id).loadMetadata(0)).toEqual(METADATA);
  });
});

describe("fetchOpened", () => {
  const page = `/read/nodes/case/${openRead.id}`;
  const open = (draft: object) => {
    answers[PATH] = { ...openRead, primary_series: 0, draft: { ...openRead.draft, ...draft } };
    return fetchOpened(page);
  };

  it("asks for the image with which the case begins", async () => {
    await open({ view: null });
    const first = openRead.series.find(({ index }) => index === 0)?.initial_slice;
    expect(asked).toEqual([PATH, `${PATH}/series/0/metadata`, `${PATH}/series/0/frames/${first}`]);
  });

  it("asks for the image that the reader left", async () => {
    await open({ view: { series: 0, slice: 2 } });
    expect(asked.at(-1)).toBe(`${PATH}/series/0/frames/2`);
  });

  it("asks for no image of a read that is locked, or not the reader's", async () => {
    answers[PATH] = { id: openRead.id, status: "submitted" };
    await fetchOpened(page);
    delete answers[PATH];
    await fetchOpened(page);
    expect(asked).toEqual([PATH, PATH]);
  });

  it("does nothing on another page", async () => {
    await fetchOpened("/read/nodes");
    expect(asked).toEqual([]);
  });
});
