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

  it("gives each frame once, and says which one failed", async () => {
    const { frame } = fetchFirstImage(openRead.id, 0, 7);
    await expect(frame(7)).rejects.toThrow(`${PATH}/series/0/frames/7 was answered with 404.`);
    answers[`${PATH}/series/0/frames/8`] = "values";
    expect(await frame(8)).toBe(await frame(8));
    expect(asked.filter((path) => path.endsWith("/8"))).toHaveLength(1);
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
  const PREFERENCES = "/api/account/viewer-preferences";

  it("asks for the read and how its reader likes the viewer", async () => {
    answers[PATH] = openRead;
    answers[PREFERENCES] = { windows: {} };
    expect(await fetchOpened(page)).toEqual({ read: openRead, preferences: { windows: {} } });
    expect(asked).toEqual([PATH, PREFERENCES]);
  });

  it("goes on without what cannot be had of the reader", async () => {
    answers[PATH] = openRead;
    expect(await fetchOpened(page)).toEqual({ read: openRead, preferences: null });
  });

  it("has nothing of a read that is locked, or not the reader's", async () => {
    answers[PATH] = { id: openRead.id, status: "submitted" };
    expect(await fetchOpened(page)).toBeNull();
    delete answers[PATH];
    expect(await fetchOpened(page)).toBeNull();
  });

  it("does nothing on another page", async () => {
    expect(await fetchOpened("/read/nodes")).toBeNull();
    expect(asked).toEqual([]);
  });
});
