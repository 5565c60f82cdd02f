import { describe, expect, it } from "vitest";
import { OPTIONAL_TOOLS as OF_THE_VIEWER } from "../../../viewer/tool-names";
import { hasTool, OPTIONAL_TOOLS, withTool } from "./tools";

describe("the viewer's tools of a study", () => {
  it("are those that the viewer can leave out", () => {
    expect(OPTIONAL_TOOLS.map(({ tool }) => tool)).toEqual([...OF_THE_VIEWER]);
  });

  it("are all of them until one is left out, and again when it is back", () => {
    const without = withTool(null, "angle", false);
    expect(without).not.toContain("angle");
    expect(without).toHaveLength(OPTIONAL_TOOLS.length - 1);
    expect(hasTool(undefined, "angle")).toBe(true);
    expect(hasTool(without, "angle")).toBe(false);
    expect(withTool(without, "angle", true)).toBeNull();
  });

  it("can be none at all, and keep their order", () => {
    expect(withTool(["length"], "length", false)).toEqual([]);
    expect(withTool(["text"], "length", true)).toEqual(["length", "text"]);
  });
});
