import { recipeOf } from "@tfblocks/zoo";
import { expect, test } from "vitest";
import { settings } from "./training-run.js";

test("the lesson trains as the recipe does, whose heads appear near step 350", () => {
  const { steps, batchSize, schedule } = recipeOf(settings.source.recipe);
  expect(settings).toMatchObject({ steps, batchSize, learningRate: schedule.peak });
});
