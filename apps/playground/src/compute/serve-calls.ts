import { expose } from "comlink";
import type { attentionCalls } from "../rooms/attention/worker-calls.js";
import type { blocksCalls } from "../rooms/blocks/worker-calls.js";
import type { layerCalls } from "../rooms/layer/worker-calls.js";
import type { trainingCalls } from "../rooms/training/worker-calls.js";
import { lazily } from "./lazily.js";
import { startBackend } from "./start-backend.js";

/** Everything the page may ask of the worker: the start, and the calls of each room, which begin with its name. */
const calls = {
  start: startBackend,
  ...lazily<typeof attentionCalls>(
    ["attentionModel", "attentionPicture", "attentionNumbers", "attentionExplain", "attentionLeave"],
    async () => (await import("../rooms/attention/worker-calls.js")).attentionCalls,
  ),
  ...lazily<typeof blocksCalls>(
    ["blocksPositions", "blocksNorms", "blocksFeedForward"],
    async () => (await import("../rooms/blocks/worker-calls.js")).blocksCalls,
  ),
  ...lazily<typeof trainingCalls>(
    ["trainingRecipes", "trainingRun", "trainingPause", "trainingGoOn", "trainingStop", "trainingWrite", "trainingFiles", "trainingLeave"],
    async () => (await import("../rooms/training/worker-calls.js")).trainingCalls,
  ),
  ...lazily<typeof layerCalls>(["layerTrace"], async () => (await import("../rooms/layer/worker-calls.js")).layerCalls),
};

export type ComputeCalls = typeof calls;

expose(calls);
postMessage("listening"); // what was sent before is lost
