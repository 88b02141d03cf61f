import { engine } from "@tensorflow/tfjs-core";

/** Frees what an interrupted forward pass saved for its gradient, which tfjs would otherwise never free. */
export function freeTape(): void {
  const { state } = engine();
  if (state.gradientDepth > 0 || state.activeTape === null) return;
  for (const { saved } of state.activeTape) for (const each of saved ?? []) each.dispose();
  state.activeTape = null as never;
}
