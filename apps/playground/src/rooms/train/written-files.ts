import { csvFile, jsonFile, txtFile } from "../../exports/export-files.js";
import type { GeneratedText, GenerationSettings } from "../../training/generate-text.js";
import type { ExportFile } from "../../ui/export-menu.js";
import type { RunState } from "./run-state.js";

/** What the model of a step has written for a prompt. */
export interface Written extends GenerationSettings, GeneratedText {
  readonly step: number;
}

/** The files of what a model has written. */
export function writtenFiles(run: RunState, written: Written): ExportFile[] {
  const { title, settings } = run.run.value;
  return [txtFile("written", written.text), jsonFile("written", { version: 1, title, settings, written })];
}

/** How the prompt of a run is continued at a step, and at every step that was recorded. */
export function sampleFiles(run: RunState, sample: string): ExportFile[] {
  const { title, settings, about } = run.run.value;
  const samples = run.records.value.map((record) => ({ step: record.step, text: record.sample }));
  return [
    txtFile("sample", sample),
    jsonFile("samples", { version: 1, title, settings, prompt: about.prompt, samples }),
    csvFile("samples", [["step", "text"], ...samples.map(({ step, text }) => [step, text])]),
  ];
}
