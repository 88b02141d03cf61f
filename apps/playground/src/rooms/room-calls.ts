import { proxy } from "comlink";
import { lazily } from "../compute/lazily.js";

/** The functions of each room that run in the worker. */
export const roomCalls = {
  attention: proxy(lazily(() => import("./attention/worker-calls.js"))),
  blocks: proxy(lazily(() => import("./blocks/worker-calls.js"))),
  layer: proxy(lazily(() => import("./layer/worker-calls.js"))),
  training: proxy(lazily(() => import("./training/worker-calls.js"))),
};

export type RoomCalls = typeof roomCalls;
