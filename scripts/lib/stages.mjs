import { Failure, unlessInterrupted } from "./run.mjs";
import { bold, green, red, say, seconds, yellow } from "./terminal.mjs";

const marks = { passed: green("✓"), failed: red("✗"), skipped: yellow("–") };

/** What a stage reports: a result, and a sentence about it. */
export const passed = (note = "") => ({ result: "passed", note });
export const failed = (note) => ({ result: "failed", note });
export const skipped = (note) => ({ result: "skipped", note });
export const fromExitCode = (code) => (unlessInterrupted(code) === 0 ? passed() : failed(`exit code ${code}`));

async function runStage({ title, run }) {
  const started = Date.now();
  const outcome = await run().catch(describeFailure);
  return { title, ...outcome, duration: Date.now() - started };
}

function describeFailure(error) {
  if (!(error instanceof Failure)) throw error;
  return failed([error.details, error.message].filter(Boolean).join("\n"));
}

/** Runs every stage, even after failures, and then reports each result. Returns the exit code. */
export async function runStages(stages, { announce }) {
  const outcomes = [];
  for (const [index, stage] of stages.entries()) {
    if (announce) say(`\n${bold(`[${index + 1}/${stages.length}] ${stage.title}`)}`);
    const outcome = await runStage(stage);
    outcomes.push(outcome);
    if (!announce) say(summaryLine(outcome));
  }
  if (announce) say(`\n${bold("Summary")}`);
  if (announce) for (const outcome of outcomes) say(summaryLine(outcome));
  return report(outcomes);
}

const summaryLine = ({ result, title, duration, note }) =>
  `  ${marks[result]} ${title.padEnd(44)} ${seconds(duration).padStart(8)}  ${result === "failed" ? red("failed") : note}`;

function report(outcomes) {
  const titles = (result) => outcomes.filter((outcome) => outcome.result === result).map(({ title }) => title);
  for (const { result, title, note } of outcomes) if (result === "failed") say(`\n${red(bold(title))}\n${note}`);
  const [failures, skips] = [titles("failed"), titles("skipped")];
  if (skips.length > 0) say(yellow(`\nSkipped: ${skips.join(", ")}.`));
  say(failures.length === 0 ? green("\nNothing failed.") : red(`\nFailed: ${failures.join(", ")}.`));
  return failures.length === 0 ? 0 : 1;
}
