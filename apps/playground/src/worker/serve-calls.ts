import { expose } from "comlink";
import { startBackend } from "../compute/start-backend.js";
import { lazily } from "../compute/lazily.js";
import { provideRunModels } from "../models/run-models.js";
import { roomCalls } from "../rooms/room-calls.js";

/** Everything the page can call in the worker. */
const calls = { start: startBackend, ping: () => {}, ...roomCalls };

export type WorkerCalls = typeof calls;

// The page hears of errors, but not of rejections.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  reportError(event.reason);
});

provideRunModels(lazily(() => import("../training/run-models.js")));

expose(calls);
postMessage("listening"); // messages sent before `expose` are lost
