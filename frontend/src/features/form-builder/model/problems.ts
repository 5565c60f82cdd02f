/** A problem that the server's check found; `path` as in `questions[2].show_if`. */
export interface FormProblem {
  path: string;
  text: string;
}

/** The problems of the question at a place, without the question's own name before them. */
export function problemsAt(problems: readonly FormProblem[], place: number): FormProblem[] {
  const start = `questions[${place}]`;
  return problems
    .filter(({ path }) => path === start || path.startsWith(`${start}.`))
    .map(({ path, text }) => ({
      path: path.slice(start.length + 1),
      text: text.replace(/^Question \d+( \([^)]*\))?: /, ""),
    }));
}

/** The problems of the form as a whole. */
export function generalProblems(problems: readonly FormProblem[]): FormProblem[] {
  return problems.filter(({ path }) => !/^questions\[\d+\]/.test(path));
}
