import { describe, expect, it } from "vitest";
// A nomogram of the synthetic demonstration lpln-radiomics and one of a Cox model, with cases read off by
// backend.analysis.nomogram.read_nomogram from the same JSON.
import fixture from "../api/nomogram.fixture.json";
import { firstEntered, nomogramSchema, pointsOn, readNomogram } from "./nomogram";

const texts = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

describe.each(["logistic", "cox"] as const)("a %s nomogram", (model) => {
  const nomogram = nomogramSchema.parse(fixture[model].nomogram);

  it.each(fixture[model].readings.map((one, index) => [index, one] as const))(
    "reads case %i as the analysis does",
    (_, expected) => {
      const reading = readNomogram(nomogram, texts(expected.values));
      expect(reading.points).toEqual(expected.points);
      expect(reading.total).toBe(expected.total);
      expect(reading.linearPredictor).toBe(expected.linear_predictor);
      expect(reading.probabilities).toHaveLength(expected.probabilities.length);
      for (const [at, probability] of expected.probabilities.entries()) {
        // Exponentials may differ in the last digit from one library to another.
        expect(Math.abs((reading.probabilities[at] ?? 0) / probability - 1)).toBeLessThan(1e-14);
      }
    },
  );

  it("begins with a case that lies on every axis", () => {
    expect(readNomogram(nomogram, firstEntered(nomogram)).total).not.toBeNull();
  });

  it("gives no total for a value beyond its axis or none at all", () => {
    const numeric = nomogram.axes.find(({ kind }) => kind === "numeric");
    const categorical = nomogram.axes.find(({ kind }) => kind === "categorical");
    if (numeric === undefined || categorical === undefined) throw new Error("an axis is missing");
    for (const wrong of ["1e9", "", " ", "x", "Infinity"]) expect(pointsOn(numeric, wrong)).toBeNull();
    expect(pointsOn(categorical, "no such category")).toBeNull();
    const reading = readNomogram(nomogram, { ...firstEntered(nomogram), [numeric.name]: "" });
    expect([reading.total, reading.linearPredictor, reading.probabilities]).toEqual([null, null, []]);
  });
});
