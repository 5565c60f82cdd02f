import { describe, expect, it } from "vitest";
import type { CutBox } from "./box";
import { GROW_DEFAULTS } from "./grow";
import { GrowClient, type GrowPort, Superseded } from "./grow-client";
import { answer, type GrowRequest } from "./grow-worker";

/** A worker in the same thread, which answers when it is told to. */
class NearPort implements GrowPort {
  onmessage: GrowPort["onmessage"] = null;
  onerror: GrowPort["onerror"] = null;
  readonly requests: GrowRequest[] = [];
  isOpen = true;

  postMessage(request: GrowRequest): void {
    this.requests.push(structuredClone(request));
  }

  reply(place = this.requests.length - 1): void {
    const request = this.requests[place] as GrowRequest;
    this.onmessage?.(new MessageEvent("message", { data: answer(request) }));
  }

  terminate(): void {
    this.isOpen = false;
  }
}

/** A ball of radius mm in a box of that size, 1 mm voxels. */
const ball =
  (radius: number) =>
  (boxMm: number): CutBox => {
    const half = boxMm / 2;
    const count = 2 * half + 1;
    const values = Int16Array.from({ length: count ** 3 }, (_, voxel) => {
      const [x, y, z] = [voxel % count, Math.floor(voxel / count) % count, Math.floor(voxel / count ** 2)];
      return Math.hypot(x - half, y - half, z - half) <= radius ? 900 : 100;
    });
    return {
      box: { values, shape: [count, count, count], spacingMm: [1, 1, 1] },
      start: [0, 0, 0],
      seed: [half, half, half],
    };
  };

const tick = () => new Promise((resolve) => setTimeout(resolve));

function opened(): { client: GrowClient; ports: NearPort[] } {
  const ports: NearPort[] = [];
  const client = new GrowClient(() => {
    const port = new NearPort();
    ports.push(port);
    return port;
  });
  return { client, ports };
}

const PARAMETERS = { ...GROW_DEFAULTS, box_mm: 16, shell_mm: 7 };

describe("GrowClient", () => {
  it("grows in the worker, and keeps it for the next click", async () => {
    const { client, ports } = opened();
    for (const radius of [3, 4]) {
      const growing = client.grow(ball(radius), PARAMETERS);
      ports[0]?.reply();
      const region = await growing;
      expect(region?.parameters).toEqual(PARAMETERS);
      expect(region?.result.kind).toBe("grown");
    }
    expect(ports).toHaveLength(1);
  });

  it("lets a later click take the place of an earlier one, whose answer is dropped", async () => {
    const { client, ports } = opened();
    const first = client.grow(ball(3), PARAMETERS);
    const second = client.grow(ball(4), PARAMETERS);
    await expect(first).rejects.toBeInstanceOf(Superseded);
    ports[0]?.reply(0);
    ports[0]?.reply(1);
    const region = await second;
    const direct = answer(ports[0]?.requests[1] as GrowRequest);
    expect(region?.result).toEqual("result" in direct && direct.result);
  });

  it("tries a region that fills its box in a wider one", async () => {
    const { client, ports } = opened();
    const growing = client.grow(ball(7.5), PARAMETERS);
    ports[0]?.reply();
    await tick();
    expect(ports[0]?.requests).toHaveLength(2);
    ports[0]?.reply();
    const region = await growing;
    expect(region?.result.kind).toBe("grown");
    expect(region?.parameters).toMatchObject({ box_mm: 24, shell_mm: 10 });
  });

  it("tells the first refusal when a wider box does not help, and nothing without a box", async () => {
    const { client, ports } = opened();
    const growing = client.grow(ball(11), PARAMETERS);
    ports[0]?.reply();
    await tick();
    ports[0]?.reply();
    const region = await growing;
    expect(region?.result.kind).toBe("refused");
    expect(region?.parameters).toEqual(PARAMETERS);
    expect(await client.grow(() => null, PARAMETERS)).toBeNull();
  });

  it("passes errors on and opens a new worker after one broke", async () => {
    const { client, ports } = opened();
    const wrong = client.grow(ball(3), { ...PARAMETERS, strength: 99 });
    ports[0]?.reply();
    await expect(wrong).rejects.toThrow("strength");
    const broken = client.grow(ball(3), PARAMETERS);
    ports[0]?.onerror?.(new ErrorEvent("error", { message: "no such file" }));
    await expect(broken).rejects.toThrow("no such file");
    expect(ports[0]?.isOpen).toBe(false);
    const growing = client.grow(ball(3), PARAMETERS);
    ports[1]?.reply();
    expect((await growing)?.result.kind).toBe("grown");
  });

  it("can be canceled and put away", async () => {
    const { client, ports } = opened();
    const growing = client.grow(ball(3), PARAMETERS);
    client.dispose();
    await expect(growing).rejects.toBeInstanceOf(Superseded);
    expect(ports[0]?.isOpen).toBe(false);
  });
});
