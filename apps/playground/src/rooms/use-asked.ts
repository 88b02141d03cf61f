import { useEffect, useRef, useState } from "preact/hooks";
import { Asked } from "../compute/asked.js";
import type { Outcome } from "../compute/outcome.js";
import { readSettings, type SettingsLink, writeSettings } from "../routing/settings-link.js";
import type { RoomProps } from "./room.js";

/** The state of a view whose picture follows from its settings; links lead to it and it notes itself in the link. */
export function useAsked<Settings extends object, Picture>(
  { parameters, note }: Pick<RoomProps, "parameters" | "note">,
  link: SettingsLink<Settings>,
  compute: (settings: Settings) => Promise<Outcome<Picture>>,
): Asked<Settings, Picture> {
  const [asked] = useState(() => new Asked(readSettings(link, parameters), compute));
  const arrived = useRef(parameters);
  useEffect(() => asked.noteTo((settings) => note(writeSettings(link, settings))), [asked]);
  useEffect(() => {
    if (arrived.current !== parameters) asked.change(readSettings(link, parameters));
    arrived.current = parameters;
  }, [asked, parameters]);
  return asked;
}
