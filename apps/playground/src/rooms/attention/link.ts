import { reaches } from "../../color/color-scale.js";
import { rampNames } from "../../color/ramps.js";
import { modelPartNames } from "../../models/model-info.js";
import { anyText, type Field, flag, oneOf, readSettings, type SettingsLink, whole, writeSettings } from "../../routing/settings-link.js";
import { type AttentionSettings, defaultSettings, greatestSeed, headChoices, mostPadding, mostWindow, widthChoices } from "./settings.js";
import { type AttentionView, type Cell, defaultView, drawnStages } from "./view.js";

/** Raised when an old link would be read wrongly. */
const version = "1";

/** A view of the room as a link carries it. */
export interface AttentionLink {
  readonly settings: AttentionSettings;
  readonly view: AttentionView;
}

/** The name of a folder beside the others, and nothing that leads elsewhere. */
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
    order: oneOf(["all", "causal", "prefix"]),
    prefix: whole(0, mostWindow),
    window: flag,
    left: whole(0, mostWindow),
    right: whole(0, mostWindow),
    padding: whole(0, mostPadding),
    hidePadding: flag,
    heads: whole(1, Math.max(...headChoices)),
    dModel: whole(1, Math.max(...widthChoices)),
    seed: whole(0, greatestSeed),
  },
};

const { pinned: firstPin, ...firstView } = defaultView;

/** All of the view but the pinned cell, of which there may be none. */
const viewLink: SettingsLink<Omit<AttentionView, "pinned">> = {
  version,
  defaults: firstView,
  fields: { head: whole(0, 63), stage: oneOf(drawnStages), reach: oneOf(reaches), ramp: oneOf(rampNames) },
};

/** What differs from the defaults, as parameters of a link. */
export function writeLink({ settings, view }: AttentionLink): URLSearchParams {
  const parameters = writeSettings(settingsLink, settings);
  for (const [name, value] of writeSettings(viewLink, view)) parameters.set(name, value);
  const pin = pinText(view.pinned);
  if (pin !== pinText(firstPin)) parameters.set("pin", pin);
  return parameters;
}

/** The settings and view of a link; what is missing, of another version or out of range is the default. */
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
