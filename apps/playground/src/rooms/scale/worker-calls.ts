import { failureFrom, type Outcome } from "../../compute/outcome.js";
import type { TaskPort } from "../../compute/task.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import type { HeadPlace } from "../../models/model-info.js";
import { openModel } from "../../models/open-models.js";
import { answer } from "../../reading/answer.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import { Run } from "../../reading/run.js";
import type { TwinPoint, TwinSettings } from "../../training/twin-settings.js";
import { twinTraining } from "../../training/twin-training.js";
import type { MeasuredLayer } from "./head-measures.js";
import { measureLayer } from "./measure-layer.js";
import { sampleScores } from "./sample-scores.js";
import type { ScalingCurves, ScoreSample } from "./scale-picture.js";
import { measureCurves } from "./scaling-curves.js";
import { scoringOf } from "./scoring.js";
import type { ScaleSettings } from "./settings.js";

/** Scores of random queries and keys at the chosen settings. */
export function sample(settings: ScaleSettings): Outcome<ScoreSample> {
  try {
    return transferArrays({ ok: true, result: sampleScores(settings) });
  } catch (error) {
    return { ok: false, failure: failureFrom(error, "scale") };
  }
}

/** The measures at every width of a head. @returns undefined after a cancel */
export async function curves(settings: ScaleSettings, port: TaskPort): Promise<Outcome<ScalingCurves> | undefined> {
  try {
    const result = await measureCurves(settings, port);
    return result && { ok: true, result };
  } catch (error) {
    return { ok: false, failure: failureFrom(error, "scale") };
  }
}

/** The heads of a layer of the chosen model, scored in several ways. @returns undefined after a cancel */
export function heads(
  modelsUrl: string,
  input: ReadingInput,
  place: HeadPlace,
  settings: ScaleSettings,
  port: TaskPort,
): Promise<Outcome<MeasuredLayer | undefined>> {
  return answer(async () => {
    const run = new Run(await openModel(input.model, modelsUrl), input);
    try {
      return await measureLayer(run, place, scoringOf(settings), port);
    } finally {
      run.dispose();
    }
  });
}

/**
 * Trains two models that differ in their scale only. @param onPoint receives each measurement at once
 *
 * @returns all measurements; undefined after a cancel
 */
export function twins(
  settings: TwinSettings,
  onPoint: (point: TwinPoint) => void,
  port: TaskPort,
): Promise<Outcome<readonly TwinPoint[] | undefined>> {
  return answer(() => twinTraining(settings, port, onPoint));
}
