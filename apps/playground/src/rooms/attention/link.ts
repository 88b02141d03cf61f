import { weightRanges } from "../../color/color-scale.js";
import { rampNames } from "@tfblocks/analysis/colors";
import { modelPartNames } from "../../models/model-info.js";
import { anyText, type Field, flag, oneOf, readSettings, type SettingsLink, whole, writeSettings } from "../../routing/settings-link.js";
import type { Cell } from "../../ui/heat-map.js";
import { type AttentionSettings, defaultSettings, headChoices, maxPadding, maxSeed, maxWindow, orders, widthChoices } from "./settings.js";
import { type AttentionView, defaultView, drawnStages } from "./view.js";

/** Increased whenever an old link would be read wrongly. */
const version = "1";

/** The state of the room that a link holds. */
export interface AttentionLink {
  readonly settings: AttentionSettings;
  readonly view: AttentionView;
}

/** The name of a model folder; paths are rejected. */
const modelName: Field<string> = (text) => (/^[\w-]{1,64}$/.test(text) ? text : undefined);

const settingsLink: SettingsLink<AttentionSettings> = {
  version,
  defaults: defaultSettings,
  fields: {
    model: modelName,
    part: oneOf(modelPartNames),
    layer: whole(0, 127),
    kind: oneOf(["self", "cross"]),
    text: anyText,
    keyText: anyText,
    order: oneOf(orders),
    prefix: whole(0, maxWindow),
    window: flag,
    left: whole(0, maxWindow),
    right: whole(0, maxWindow),
    padding: whole(0, maxPadding),
    hidePadding: flag,
    heads: whole(1, Math.max(...headChoices)),
    dModel: whole(1, Math.max(...widthChoices)),
    seed: whole(0, maxSeed),
  },
};

const { pinned: firstPin, ...firstView } = defaultView;

/** The view without the pinned cell, which is optional and has its own parameter. */
const viewLink: SettingsLink<Omit<AttentionView, "pinned">> = {
  version,
  defaults: firstView,
  fields: { head: whole(0, 63), stage: oneOf(drawnStages), range: oneOf(weightRanges), ramp: oneOf(rampNames) },
};

/** The settings and view that differ from the defaults, as parameters of a link. */
export function writeLink({ settings, view }: AttentionLink): URLSearchParams {
  const parameters = writeSettings(settingsLink, settings);
  for (const [name, value] of writeSettings(viewLink, view)) parameters.set(name, value);
  const pin = pinText(view.pinned);
  if (pin !== pinText(firstPin)) parameters.set("pin", pin);
  return parameters;
}

/** The settings and view of a link. Values that are missing, unknown or out of range take their defaults, as do links of another version. */
export function readLink(parameters: URLSearchParams): AttentionLink {
  const pin = parameters.get("v") === version ? parameters.get("pin") : null;
  return {
    settings: readSettings(settingsLink, parameters),
    view: { ...readSettings(viewLink, parameters), pinned: readPin(pin ?? pinText(firstPin)) },
  };
}

function pinText(cell: Cell | undefined): string {
  return cell === undefined ? "none" : `${cell.query}-${cell.key}`;
}

function readPin(text: string): Cell | undefined {
  const match = /^(\d{1,3})-(\d{1,3})$/.exec(text);
  return match === null ? undefined : { query: Number(match[1]), key: Number(match[2]) };
}
