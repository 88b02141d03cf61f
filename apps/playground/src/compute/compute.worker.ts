import { expose } from "comlink";
import { attentionCalls } from "../rooms/attention/worker-calls.js";
import { startBackend } from "./start-backend.js";

/** Everything the page may ask of the worker: the start, and the calls of each room, which begin with its name. */
const calls = { start: startBackend, ...attentionCalls };

export type ComputeCalls = typeof calls;

expose(calls);
