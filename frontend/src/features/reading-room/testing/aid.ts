import type { Aid } from "../api/get-aid";

/** An output of the node score, as the server tells it. */
export const aid: Aid = {
  model: {
    id: "lpln-radiomics",
    semver: "1.0.0",
    title: "LPLN radiomics",
    weights_status: "published-coefficients",
    digest: "ab".repeat(32),
    intended_use: "Research.",
    training_data: "Patients of the authors.",
    positive_rule: "score >= -0.47",
    calibration_note: "Not recalibrated.",
    limits: ["For lymph nodes only."],
    references: ["Yoo et al. 2025"],
    development_scores: {
      source: "20 synthetic phantoms, not patients",
      bin_edges: [-2, 0, 2],
      counts: [5, 15],
      counts_by_class: {},
      is_demonstration: true,
    },
  },
  status: "available",
  score: -0.31,
  probability: 1 / (1 + Math.exp(0.31)),
  probability_note: "Inverse logit of the score.",
  cut_off: -0.47,
  is_positive: true,
  near_cut_off: true,
  numeric_uncertainty: 0.2,
  notes: ["ComBat: not applied", "Inverse logit of the score."],
  synthetic: true,
  overlays: [],
};
