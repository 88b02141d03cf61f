import { csvFile, jsonFile } from "../../../exports/export-files.js";
import type { ExportFile } from "../../../ui/export-menu.js";
import { tone } from "../../../ui/theme.js";
import { savedSubject } from "../../../workspace/saved-subject.js";
import type { ChangeState } from "../state.js";
import type { MeasuredEffects } from "./effects-state.js";
import { effectColumns } from "./head-effects.js";

/** The effects as a picture of bars, and with all their numbers as JSON and CSV. */
export function effectFiles({ exports, workspace }: ChangeState, { input, heads }: MeasuredEffects): ExportFile[] {
  const bars = heads.flatMap(({ name, change }) => (change === null ? [] : [{ name, value: change }]));
  const rows = heads.map((each) => [each.name, ...effectColumns.map((column) => each[column]), (each.labels ?? []).join("; ")]);
  return [
    ...exports.picturesOfBars("head-effects", bars, { title: "Loss without each head", unit: "nats", tone: tone.value }),
    jsonFile("head-effects", { ...savedSubject(workspace, input), heads }),
    csvFile("head-effects", [["head", ...effectColumns, "labels"], ...rows]),
  ];
}
