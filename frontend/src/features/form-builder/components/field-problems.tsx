import { createContext, useContext } from "react";
import styles from "../form-builder.module.css";
import { type FormProblem, partOf } from "../model/problems";

/** What the server found in the question that is edited, part by part. */
export const FieldProblems = createContext<readonly FormProblem[]>([]);

/** What is wrong with a part of the question, or with one place of its list as `options[2]`; undefined: nothing. */
export function useProblem(path: string): string | undefined {
  const found = useContext(FieldProblems).filter((one) => one.path === path);
  return found.length === 0 ? undefined : found.map(({ text }) => text).join(" ");
}

/** Everything that is wrong with a part that has no field of its own to say it at. */
export function PartProblems({ part }: { part: string }) {
  const found = useContext(FieldProblems).filter((one) => partOf(one) === part);
  return found.map((one) => (
    <p key={one.path + one.text} className={styles.problem} role="alert">
      {one.text}
    </p>
  ));
}
