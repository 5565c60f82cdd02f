import { afterEach, describe, expect, it, vi } from "vitest";
import { openRead } from "../testing/lpln";
import { dropUpcoming, fetchUpcoming } from "./upcoming";

const viewer = vi.hoisted(() => ({ fetchAhead: vi.fn(), dropAhead: vi.fn() }));
// The viewer's library needs WebGL and workers.
vi.mock("../../../viewer/next-case", () => viewer);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

function upcoming() {
  const body = JSON.stringify({ read_id: openRead.id, series: openRead.series });
  let answer = () => {};
  const asked = new Promise<Response>((resolve) => {
    answer = () => resolve(new Response(body));
  });
  vi.stubGlobal("fetch", () => asked);
  return () => answer();
}

describe("fetchUpcoming", () => {
  it("fetches the images of the next case", async () => {
    const answer = upcoming();
    const fetching = fetchUpcoming("nodes");
    answer();
    await fetching;
    expect(viewer.fetchAhead).toHaveBeenCalledOnce();
  });

  it("fetches nothing for a reader who leaves while it is asked which case is next", async () => {
    let answer = (_: Response) => {};
    const ask = vi.fn(() => new Promise<Response>((resolve) => (answer = resolve)));
    vi.stubGlobal("fetch", ask);
    const fetching = fetchUpcoming("nodes");
    await vi.waitFor(() => expect(ask).toHaveBeenCalled());
    dropUpcoming();
    answer(new Response(JSON.stringify({ read_id: openRead.id, series: openRead.series })));
    await fetching;
    expect(viewer.fetchAhead).not.toHaveBeenCalled();
  });

  it("fetches nothing for a reader who has left meanwhile", async () => {
    const answer = upcoming();
    const fetching = fetchUpcoming("nodes");
    dropUpcoming();
    answer();
    await fetching;
    expect(viewer.dropAhead).toHaveBeenCalledOnce();
    expect(viewer.fetchAhead).not.toHaveBeenCalled();
  });
});
