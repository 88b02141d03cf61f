import type { Answered } from "../../../compute/live-result.js";
import { csvFile, jsonFile } from "../../../exports/export-files.js";
import type { AttentionStack } from "../../../models/model-info.js";
import type { ExportFile } from "../../../ui/export-menu.js";
import { describeToken } from "../../../ui/format.js";
import { tone } from "../../../ui/theme.js";
import { savedSubject } from "../../../workspace/saved-subject.js";
import { headLabels } from "../edits/part-names.js";
import type { ChangeState, PatchRequest } from "../state.js";
import type { PatchReading } from "./patch-reading.js";

/** The share that each value brings back as bars, as JSON and CSV. */
export function patchFiles(
  { exports, editor: { stacks }, workspace }: ChangeState,
  { input: { input, settings }, result }: Answered<PatchRequest, PatchReading>,
): ExportFile[] {
  const named = result.cells.map((cell) => ({ ...cell, name: nameOf(stacks, result, cell) }));
  const bars = named.flatMap(({ name, restored }) => (restored === null ? [] : [{ name, value: restored }]));
  return [
    ...(bars.length === 0 ? [] : exports.picturesOfBars("patching", bars, { title: "Share brought back", tone: tone.value })),
    jsonFile("patching", { ...savedSubject(workspace, input), settings, ...result, cells: named }),
    csvFile("patching", [
      ["value of", "logit difference", "share brought back"],
      ...named.map((each) => [each.name, each.value, each.restored]),
    ]),
  ];
}

/** What was put in: a head, or the stream before a layer at a token. */
function nameOf(
  stacks: readonly AttentionStack[],
  { tokens, answerTokens }: PatchReading,
  { attention, head, layer, position }: PatchReading["cells"][number],
): string {
  if (attention !== undefined && head !== undefined) return headLabels(stacks, attention, [head]).join("");
  const read = layer?.startsWith("decoder.") ? answerTokens : tokens;
  return `before ${layer}, ${describeToken(read[position ?? 0] ?? "", position ?? 0)}`;
}
