import type { ExploreState } from "./state.js";

/** The properties of every panel of the room. */
export interface StateProps {
  readonly state: ExploreState;
}
