import { Fragment } from "react";
import type { Answers } from "../../../shared/forms/types";
import type { OpenItem } from "../api/item";
import { comparisonRows } from "../model/comparison";
import styles from "../room.module.css";

/** The form with what each reading says, discordant questions marked, and what stands without a verdict. */
export function ComparisonTable({ item, values }: { item: OpenItem; values: Answers }) {
  const rows = comparisonRows(item, values);
  const openWords = item.mode === "consensus" ? "To be agreed" : "Your verdict";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reachable by keys
    <section className={styles.tableWrap} aria-label="The readings side by side" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Question</th>
            {item.originals.map(({ letter }) => (
              <th key={letter} scope="col">
                Reading {letter}
              </th>
            ))}
            <th scope="col">Stands</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ question, cells, segments, overlaps, discordance, isOpen, standing }, index) => (
            <Fragment key={question.key}>
              {question.section && question.section !== rows[index - 1]?.question.section && (
                <tr className={styles.sectionRow}>
                  <th scope="colgroup" colSpan={item.originals.length + 2}>
                    {question.section}
                  </th>
                </tr>
              )}
              <tr
                data-question-row={question.key}
                data-discordant={discordance !== null || isOpen || undefined}
              >
                <th scope="row">
                  {question.label}
                  {discordance !== null && <span className={styles.why}>{discordance}</span>}
                  {overlaps.length > 0 && (
                    <span className={styles.how} data-overlaps>
                      Overlap (Dice) of {overlaps.join(", ")}
                    </span>
                  )}
                </th>
                {item.originals.map(({ letter }, place) => (
                  <td key={letter}>
                    {cells[place]}
                    {segments[place]?.map((words, number) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a reading's segments are fixed, and two may be alike in words
                      <span key={number} className={styles.how}>
                        {words}
                      </span>
                    ))}
                  </td>
                ))}
                <td>
                  {standing === null ? (
                    <span className={styles.dim}>{isOpen ? openWords : "–"}</span>
                  ) : (
                    <>
                      {standing.text}
                      <span className={styles.how}>{standing.how}</span>
                    </>
                  )}
                </td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}
