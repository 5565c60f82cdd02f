import { expect, it } from "vitest";
import fixture from "../api/report.fixture.json";
import { aboutText, kindText } from "./deviations";

it("says of every deviation what it is and what it is about", () => {
  const said = fixture.provenance.deviations.map((one) => [kindText(one.kind), aboutText(one)]);
  expect(said).toEqual([
    ["Case unblinded", "case A-0004"],
    ["Locked incomplete", "3 reads missing"],
  ]);
});

it("joins all parts, and knows a kind that it does not know", () => {
  const [first] = fixture.provenance.deviations;
  if (first === undefined) throw new Error("the fixture holds deviations");
  const one = { ...first, case: null, reader: "R1", replaced_by: "R3", session: 2, position: 5 };
  expect(aboutText(one)).toBe("R1, replaced by R3, session 2, place 5");
  expect(aboutText({ ...first, case: null })).toBe("–");
  expect(kindText("SOMETHING_NEW")).toBe("something new");
});
