/** Whose analysis the pages show: a locked study's, or that of a dataset given from outside of every study. */
export interface ResultsSource {
  kind: "study" | "dataset";
  /** Where the server answers for it; its runs lie below. */
  api: string;
  /** Where its pages stand. */
  pages: string;
  /** The first parts of its queries' keys. */
  key: readonly string[];
}

export function studySource(slug: string): ResultsSource {
  return {
    kind: "study",
    api: `/api/desk/studies/${slug}`,
    pages: `/desk/${slug}/results`,
    key: ["desk", slug],
  };
}

export function datasetSource(id: string): ResultsSource {
  return {
    kind: "dataset",
    api: `/api/desk/analyses/${id}`,
    pages: `/desk/analyses/${id}`,
    key: ["analyses", id],
  };
}
