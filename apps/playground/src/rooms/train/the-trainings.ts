import type { RoomCompute } from "../room.js";
import { TrainState } from "./train-state.js";

const states = new WeakMap<RoomCompute, TrainState>();

/** The trainings of a page; the same ones at every visit of the room. */
export function theTrainings(compute: RoomCompute): TrainState {
  const state = states.get(compute) ?? new TrainState(compute);
  states.set(compute, state);
  return state;
}
