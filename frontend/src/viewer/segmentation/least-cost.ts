import { type Shape, voxelCount } from "./box";

/** Steps to the five forward neighbors: column, row, both diagonals in the plane, slice. */
export interface StepCosts {
  column: number;
  row: number;
  diagonal: number;
  slice: number;
}

export interface Terrain {
  /** Smoothed values. */
  values: Int32Array;
  shape: Shape;
  /** What a step costs at least, by its direction; each at least 1. */
  steps: StepCosts;
  /** Differences up to this are noise and cost nothing. */
  noise: number;
  /** What entering or leaving a voxel costs on top. */
  penalty: Int32Array | null;
}

export const UNREACHED = 0x7fffffff;

/**
 * The least cost of a way from any of `sources` to every voxel.
 *
 * A step costs its direction's share, the difference of values beyond the noise, and the larger of both penalties.
 * Costs are whole numbers, so the result is the same whatever finds the ways. Here: Dijkstra's algorithm with
 * buckets that are as wide as the cheapest step, in which a voxel once taken out is final.
 */
export function leastCosts(terrain: Terrain, sources: readonly number[]): Int32Array {
  const { shape, steps } = terrain;
  const costs = new Int32Array(voxelCount(shape)).fill(UNREACHED);
  const queue = new BucketQueue(costs, Math.min(steps.column, steps.row, steps.diagonal, steps.slice));
  queue.reserve(largestStep(terrain));
  for (const source of sources) queue.offer(source, 0);
  const [, rows, columns] = shape;
  const plane = rows * columns;
  const last = costs.length;
  const { values, noise, penalty } = terrain;

  const relax = (from: number, to: number, step: number): void => {
    const beyond = Math.abs((values[from] as number) - (values[to] as number)) - noise;
    let cost = (costs[from] as number) + step + Math.max(beyond, 0);
    if (penalty) cost += Math.max(penalty[from] as number, penalty[to] as number);
    if (cost < (costs[to] as number)) queue.offer(to, cost);
  };

  for (let voxel = queue.take(); voxel >= 0; voxel = queue.take()) {
    const column = voxel % columns;
    const row = ((voxel - column) / columns) % rows;
    const isRight = column + 1 < columns;
    const isBelow = row + 1 < rows;
    if (isRight) relax(voxel, voxel + 1, steps.column);
    if (column > 0) relax(voxel, voxel - 1, steps.column);
    if (isBelow) {
      relax(voxel, voxel + columns, steps.row);
      if (isRight) relax(voxel, voxel + columns + 1, steps.diagonal);
      if (column > 0) relax(voxel, voxel + columns - 1, steps.diagonal);
    }
    if (row > 0) {
      relax(voxel, voxel - columns, steps.row);
      if (isRight) relax(voxel, voxel - columns + 1, steps.diagonal);
      if (column > 0) relax(voxel, voxel - columns - 1, steps.diagonal);
    }
    if (voxel + plane < last) relax(voxel, voxel + plane, steps.slice);
    if (voxel >= plane) relax(voxel, voxel - plane, steps.slice);
  }
  return costs;
}

function largestStep({ values, steps, penalty }: Terrain): number {
  let low = values[0] as number;
  let high = low;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  let most = 0;
  if (penalty) for (const value of penalty) if (value > most) most = value;
  return high - low + most + Math.max(steps.column, steps.row, steps.diagonal, steps.slice);
}

/** Voxels in order of cost; each is in the queue once, in the ring of buckets at its present cost. */
class BucketQueue {
  private readonly costs: Int32Array;
  private readonly width: number;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly bucketOf: Int32Array;
  private heads = new Int32Array(0);
  private current = 0;
  private waiting = 0;

  constructor(costs: Int32Array, width: number) {
    this.costs = costs;
    this.width = width;
    this.next = new Int32Array(costs.length);
    this.previous = new Int32Array(costs.length);
    this.bucketOf = new Int32Array(costs.length).fill(-1);
  }

  /** Room for costs that differ by up to one step. */
  reserve(largestStep: number): void {
    this.heads = new Int32Array(Math.floor(largestStep / this.width) + 3).fill(-1);
  }

  /** Put a voxel in at a cost lower than it had. */
  offer(voxel: number, cost: number): void {
    if ((this.bucketOf[voxel] as number) >= 0) this.unlink(voxel);
    this.costs[voxel] = cost;
    const bucket = Math.floor(cost / this.width) % this.heads.length;
    const head = this.heads[bucket] as number;
    this.next[voxel] = head;
    this.previous[voxel] = -1;
    if (head >= 0) this.previous[head] = voxel;
    this.heads[bucket] = voxel;
    this.bucketOf[voxel] = bucket;
    this.waiting += 1;
  }

  /** Take a voxel out of the cheapest bucket; -1 when none is left. */
  take(): number {
    if (this.waiting === 0) return -1;
    while ((this.heads[this.current] as number) < 0) {
      this.current = this.current + 1 === this.heads.length ? 0 : this.current + 1;
    }
    const voxel = this.heads[this.current] as number;
    this.unlink(voxel);
    return voxel;
  }

  private unlink(voxel: number): void {
    const next = this.next[voxel] as number;
    const previous = this.previous[voxel] as number;
    if (previous >= 0) this.next[previous] = next;
    else this.heads[this.bucketOf[voxel] as number] = next;
    if (next >= 0) this.previous[next] = previous;
    this.bucketOf[voxel] = -1;
    this.waiting -= 1;
  }
}
