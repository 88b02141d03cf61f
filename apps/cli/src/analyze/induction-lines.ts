import { type GroupAblation, type GroupPatch, headLabel, type InductionHead, type InductionTest } from "@tfblocks/analysis/models";
import { fixed, table, type TablePage } from "@tfblocks/command-line";
import type { InductionExperiment, UntrainedInduction } from "@tfblocks/zoo";
import { headNames, numbers, section, spreadCells, spreadColumns } from "./experiment-tables.js";

/** The result of the induction experiment as tables. */
export function inductionLines({ trained, untrained }: InductionExperiment, page: TablePage): string[] {
  const { sequences, period, losses, advantage, heads, patched } = trained;
  return [
    ...section(`Losses on ${sequences} sequences of ${period} random tokens that occur twice (nats)`),
    ...table(page, numbers("first copy", "second copy", "advantage"), [[losses.first, losses.last, advantage].map((each) => fixed(each))]),
    ...section("Attention of each head, beside uniform attention"),
    ...table(
      page,
      [{ title: "head" }, ...numbers("previous token", "uniform", "induction", "uniform"), { title: "label" }],
      heads.map(headRow),
    ),
    ...section("Advantage without heads (nats)"),
    ...table(page, [{ title: "without" }, { title: "heads" }, ...numbers("advantage"), ...spreadColumns], ablationRows(trained)),
    ...(patched === null ? [] : patchLines(patched, page)),
    ...section("Untrained weights"),
    ...table(page, numbers("seed", "labelled heads", "|advantage|"), untrained.map(untrainedRow)),
  ];
}

function headRow(head: InductionHead): string[] {
  const { previousToken, previousTokenNull, prefixMatching, prefixMatchingNull, isPreviousToken, isInduction } = head;
  const labels = [...(isPreviousToken ? ["previous token"] : []), ...(isInduction ? ["induction"] : [])];
  const scores = [previousToken, previousTokenNull, prefixMatching, prefixMatchingNull].map((score) => fixed(score));
  return [headLabel(head), ...scores, labels.join(", ")];
}

function ablationRows({ withoutInduction, withoutPreviousToken }: InductionTest): string[][] {
  return [ablationRow("induction heads", withoutInduction), ablationRow("previous-token heads", withoutPreviousToken)];
}

function ablationRow(group: string, ablation: GroupAblation | null): string[] {
  const { heads, advantage, randomHeads } = ablation ?? { heads: [], advantage: null, randomHeads: null };
  return [group, headNames(heads), fixed(advantage), ...spreadCells(randomHeads)];
}

function patchLines({ clean, corrupt, patched, restored }: GroupPatch, page: TablePage): string[] {
  return [
    ...section("Loss of the second copy when the outputs of the induction heads are patched into sequences without a repetition (nats)"),
    ...table(page, numbers("clean", "corrupt", "patched", "restored"), [[clean, corrupt, patched, restored].map((each) => fixed(each))]),
  ];
}

function untrainedRow({ seed, labelled, advantage }: UntrainedInduction): string[] {
  return [String(seed), String(labelled.length), fixed(Math.abs(advantage))];
}
