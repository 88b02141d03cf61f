import { useEffect, useState } from "preact/hooks";
import type { Outcome } from "../compute/outcome.js";
import { readSettings, type SettingsLink, writeSettings } from "../routing/settings-link.js";
import { PictureState } from "./picture-state.js";
import type { RoomProps } from "./room.js";
import { useFollowedLink } from "./use-followed-link.js";

/** The state of a view whose picture depends on its settings only; the settings are read from the link and saved in it. */
export function usePictureState<Settings extends object, Picture>(
  { parameters, saveLink }: Pick<RoomProps, "parameters" | "saveLink">,
  link: SettingsLink<Settings>,
  compute: (settings: Settings) => Promise<Outcome<Picture>>,
): PictureState<Settings, Picture> {
  const [state] = useState(() => new PictureState(readSettings(link, parameters), { compute }));
  useEffect(() => state.saveSettings((settings) => saveLink(writeSettings(link, settings))), [state]);
  useFollowedLink(parameters, () => state.change(readSettings(link, parameters)));
  return state;
}
