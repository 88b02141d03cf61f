import { csvFile, jsonFile } from "../../../exports/export-files.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { ExportFile } from "../../../ui/export-menu.js";
import { describeToken } from "../../../ui/format.js";
import { tone } from "../../../ui/theme.js";
import { savedSubject } from "../../../workspace/saved-subject.js";
import type { ChangeState } from "../state.js";
import type { PositionChange } from "./position-changes.js";

const columns = [
  "position",
  "after token",
  "likeliest before",
  "likeliest after",
  "what follows",
  "probability before",
  "probability after",
  "loss change",
];

/** The change of the loss of each token as bars, and what is predicted at each position as JSON and CSV. */
export function changeFiles(
  { exports, workspace }: ChangeState,
  read: ReadingInput,
  tokens: readonly string[],
  changes: readonly PositionChange[],
): ExportFile[] {
  const bars = changes.flatMap(({ position, actual }) =>
    actual === null ? [] : [{ name: `${describeToken(tokens[position] ?? "", position)} → ${actual.text}`, value: actual.lossChange }],
  );
  return [
    ...(bars.length === 0
      ? []
      : exports.picturesOfBars("loss-changes", bars, { title: "Change of the loss of each token", unit: "nats", tone: tone.value })),
    jsonFile("loss-changes", { ...savedSubject(workspace, read), tokens, changes }),
    csvFile("loss-changes", [columns, ...changes.map((change) => rowOf(change, tokens))]),
  ];
}

function rowOf({ position, before, after, actual }: PositionChange, tokens: readonly string[]): (string | number | null)[] {
  return [
    position,
    tokens[position] ?? "",
    before?.text ?? null,
    after?.text ?? null,
    actual?.text ?? null,
    actual?.before ?? null,
    actual?.after ?? null,
    actual?.lossChange ?? null,
  ];
}
