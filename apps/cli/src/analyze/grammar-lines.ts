import { headLabel } from "@tfblocks/analysis/models";
import { fixed, table, type TablePage } from "@tfblocks/command-line";
import type { GrammarExperiment, GrammarRelation } from "@tfblocks/zoo";
import { headNames, numbers, section, spreadCells, spreadColumns } from "./experiment-tables.js";

/** The result of the grammar experiment as tables. */
export function grammarLines({ sentences, contrasts, relations }: GrammarExperiment, page: TablePage): string[] {
  const without = relations.map(({ best }) => (best === null ? "-" : `without ${headLabel(best)}`));
  return [
    ...section(`Best head on ${sentences} held-out sentences: how often the word before attends most to what a word depends on`),
    ...table(
      page,
      [{ title: "relation" }, { title: "head" }, ...numbers("accuracy", "best offset", "its accuracy", "words")],
      relations.map(headRow),
    ),
    ...section(
      `Accuracy on ${contrasts} or more held-out contrasts of each kind without one head; random heads: other than that of the relation`,
    ),
    ...table(
      page,
      [{ title: "relation" }, ...numbers("before", ...without), ...spreadColumns],
      relations.map((relation) => scoreRow(relation, relations)),
    ),
  ];
}

function headRow({ kind, best }: GrammarRelation): string[] {
  const { accuracy, baseline, rows } = best ?? { accuracy: null, baseline: null, rows: null };
  return [
    kind,
    headNames(best === null ? [] : [best]),
    fixed(accuracy),
    fixed(baseline?.offset ?? null, 0),
    fixed(baseline?.score ?? null),
    fixed(rows, 0),
  ];
}

function scoreRow({ kind, score, withoutBestOf }: GrammarRelation, relations: readonly GrammarRelation[]): string[] {
  const without = relations.map((other) => fixed(withoutBestOf[other.kind]?.score ?? null));
  return [kind, fixed(score), ...without, ...spreadCells(withoutBestOf[kind]?.randomHeads ?? null)];
}
