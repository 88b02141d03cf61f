import type { TaskPort } from "../compute/task.js";
import { Pace } from "./pace.js";
import { planOf } from "./plan-of.js";
import { recordEvery, type RunSettings } from "./run-settings.js";
import { RunStore } from "./run-store.js";
import { MemoryTables } from "./tables.js";
import { TrainingSession } from "./training-session.js";

/** Each with a record. */
const measuredSteps = 3;
/** A part of a long text is enough: a step takes as long on any part of it. */
const measuredText = 20_000;

/**
 * The seconds that one step takes on this machine, with its share of what is measured after some steps. They are those of the first steps
 * of a training that is then thrown away; undefined after a cancel.
 */
export async function estimatePace(settings: RunSettings, port: TaskPort): Promise<number | undefined> {
  const { source, seed, steps } = settings;
  const part = source.kind === "text" ? { ...source, text: source.text.slice(0, measuredText) } : source;
  const plan = await planOf({ ...settings, source: part }, port);
  if (plan === undefined) return undefined;
  const pace = new Pace(recordEvery(steps));
  const session: TrainingSession = new TrainingSession({
    key: "estimate",
    plan: { ...plan, steps: measuredSteps, evaluate: async () => [] },
    seed,
    store: new RunStore(new MemoryTables(), false),
    report: (event) => event.type === "record" && void goOn(event.record.step),
    pace,
  });
  const goOn = async (step: number): Promise<void> => {
    if (!(await port.step("Measuring the first steps", step, measuredSteps))) session.stop();
  };
  return (await session.train()) ? pace.secondsPerStep : undefined;
}
