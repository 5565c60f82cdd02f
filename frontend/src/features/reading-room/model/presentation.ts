/** The probability at the model's cut-off, when its probability is the inverse logit of its score; else null. */
export function cutOffProbability(aid: {
  score: number | null;
  probability: number | null;
  cut_off: number | null;
}): number | null {
  if (aid.score === null || aid.probability === null || aid.cut_off === null) return null;
  const isInverseLogit = Math.abs(inverseLogit(aid.score) - aid.probability) < 1e-6;
  return isInverseLogit ? inverseLogit(aid.cut_off) : null;
}

function inverseLogit(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
