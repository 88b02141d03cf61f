import { proxy } from "comlink";
import { lazily } from "../compute/lazily.js";

/** The functions of the worker: those of the models, and those of each room. */
export const roomCalls = {
  explore: proxy(lazily(() => import("./explore/worker-calls.js"))),
  exports: proxy(lazily(() => import("../exports/worker-calls.js"))),
  blocks: proxy(lazily(() => import("./blocks/worker-calls.js"))),
  change: proxy(lazily(() => import("./change/worker-calls.js"))),
  models: proxy(lazily(() => import("../models/worker-calls.js"))),
  layer: proxy(lazily(() => import("./layer/worker-calls.js"))),
  measure: proxy(lazily(() => import("./measure/worker-calls.js"))),
  reading: proxy(lazily(() => import("../reading/worker-calls.js"))),
  train: proxy(lazily(() => import("./train/worker-calls.js"))),
  masks: proxy(lazily(() => import("./masks/worker-calls.js"))),
  scale: proxy(lazily(() => import("./scale/worker-calls.js"))),
};

export type RoomCalls = typeof roomCalls;
