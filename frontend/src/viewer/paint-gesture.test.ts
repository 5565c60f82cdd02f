import { describe, expect, it } from "vitest";
import type { CaseEngine } from "./case-engine";
import { followStroke } from "./paint-gesture";

function pressed() {
  const told: string[] = [];
  const engine = {
    stage: { pointAt: (x: number, y: number) => [x, y, 0] },
    active: { state: { value: { series: 0, slice: 3 } } },
    desk: {
      begin: () => told.push("begin"),
      move: ([x]: [number]) => told.push(`move ${x}`),
      pull: (steps: number) => (steps === 0 ? 0 : told.push(`pull ${steps}`)),
      end: () => told.push("end"),
    },
  } as unknown as CaseEngine;
  followStroke(engine, new MouseEvent("mousedown", { buttons: 1 }), document.createElement("div"));
  return told;
}

const mouse = (kind: string, clientX: number, buttons: number, clientY = 0) =>
  window.dispatchEvent(new MouseEvent(kind, { clientX, clientY, buttons }));

describe("followStroke", () => {
  it("goes on while the left button is down, and ends as it is let go", () => {
    const told = pressed();
    mouse("mousemove", 5, 1);
    mouse("mousemove", 6, 3);
    mouse("mouseup", 6, 0);
    mouse("mousemove", 7, 1);
    expect(told).toEqual(["begin", "move 5", "move 6", "end"]);
  });

  it("pulls more to the right and up, less to the left and down, and nothing while a hand only clicks", () => {
    const told = pressed();
    mouse("mousemove", 9, 1, 3);
    mouse("mousemove", 20, 1, -20);
    mouse("mousemove", -40, 1, 10);
    mouse("mouseup", 0, 0);
    expect(told.filter((one) => !one.startsWith("move"))).toEqual(["begin", "pull 2", "pull -3", "end"]);
  });

  it("ends when the button turns out to be up", () => {
    const told = pressed();
    mouse("mousemove", 5, 2);
    mouse("mousemove", 6, 1);
    expect(told).toEqual(["begin", "end"]);
  });

  it("ends when the window is left", () => {
    const told = pressed();
    window.dispatchEvent(new Event("blur"));
    mouse("mousemove", 6, 1);
    expect(told).toEqual(["begin", "end"]);
  });
});
