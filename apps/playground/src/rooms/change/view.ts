import { oneOf, type SettingsLink } from "../../routing/settings-link.js";
import type { EffectsOn } from "./effects/effects-state.js";
import { patchLink, type PatchSettings } from "./patching/patch-settings.js";

/** What the link of the room holds besides the workspace. */
export interface ChangeView extends PatchSettings {
  /** The model of which the effects of all heads are measured. */
  readonly effects: EffectsOn;
}

export const changeLink: SettingsLink<ChangeView> = {
  defaults: { ...patchLink.defaults, effects: "plain" },
  fields: { ...patchLink.fields, effects: oneOf(["plain", "edited"]) },
};
