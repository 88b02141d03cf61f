import { expose } from "comlink";
import { startBackend } from "../compute/start-backend.js";
import { roomCalls } from "../rooms/room-calls.js";

/** Everything the page can call in the worker. */
const calls = { start: startBackend, ...roomCalls };

export type WorkerCalls = typeof calls;

expose(calls);
postMessage("listening"); // messages sent before `expose` are lost
