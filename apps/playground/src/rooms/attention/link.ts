import { reaches } from "../../color/color-scale.js";
import { rampNames } from "../../color/ramps.js";
import { modelPartNames } from "../../models/model-info.js";
import { type AttentionSettings, defaultSettings, greatestSeed, mostPadding, mostWindow } from "./settings.js";
import { type AttentionView, type Cell, defaultView, drawnStages } from "./view.js";

/** Raised when an old link would be read wrongly. */
const version = "1";

/** A view of the room as a link carries it. */
export interface AttentionLink {
  readonly settings: AttentionSettings;
  readonly view: AttentionView;
}

/** What differs from the defaults, as parameters of a link. */
export function writeLink({ settings, view }: AttentionLink): URLSearchParams {
  const parameters = new URLSearchParams({ v: version });
  for (const name of Object.keys(defaultSettings) as (keyof AttentionSettings)[]) {
    if (settings[name] !== defaultSettings[name]) parameters.set(name, String(settings[name]));
  }
  for (const name of ["head", "stage", "ramp", "reach"] as const) {
    if (view[name] !== defaultView[name]) parameters.set(name, String(view[name]));
  }
  const pin = pinText(view.pinned);
  if (pin !== pinText(defaultView.pinned)) parameters.set("pin", pin);
  return parameters;
}

/** The settings and view of a link; what is missing, of another version or out of range is the default. */
export function readLink(given: URLSearchParams): AttentionLink {
  const parameters = given.get("v") === version ? given : new URLSearchParams();
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const value = Number(parameters.get(name) ?? Number.NaN);
    return Number.isInteger(value) && value >= least && value <= most ? value : fallback;
  };
  const choice = <Name extends string>(name: string, choices: readonly Name[], fallback: Name): Name =>
    choices.find((value) => value === parameters.get(name)) ?? fallback;
  const flag = (name: string, fallback: boolean): boolean => choice(name, ["true", "false"], fallback ? "true" : "false") === "true";
  const base = defaultSettings;
  return {
    settings: {
      model: modelName(parameters.get("model")),
      part: choice("part", modelPartNames, base.part),
      layer: number("layer", base.layer, 0, 127),
      kind: choice("kind", ["self", "cross"], base.kind),
      text: parameters.get("text") ?? base.text,
      keyText: parameters.get("keyText") ?? base.keyText,
      order: choice("order", ["all", "causal", "prefix"], base.order),
      prefix: number("prefix", base.prefix, 0, mostWindow),
      window: flag("window", base.window),
      left: number("left", base.left, 0, mostWindow),
      right: number("right", base.right, 0, mostWindow),
      padding: number("padding", base.padding, 0, mostPadding),
      hidePadding: flag("hidePadding", base.hidePadding),
      heads: number("heads", base.heads, 1, 64),
      dModel: number("dModel", base.dModel, 1, 1024),
      seed: number("seed", base.seed, 0, greatestSeed),
    },
    view: {
      head: number("head", defaultView.head, 0, 63),
      stage: choice("stage", drawnStages, defaultView.stage),
      reach: choice("reach", reaches, defaultView.reach),
      ramp: choice("ramp", rampNames, defaultView.ramp),
      pinned: readPin(parameters.get("pin")),
    },
  };
}

/** The name of a folder beside the others, and nothing that leads elsewhere. */
function modelName(text: string | null): string {
  return text !== null && /^[\w-]{1,64}$/.test(text) ? text : "";
}

function pinText(cell: Cell | undefined): string {
  return cell === undefined ? "none" : `${cell.query}-${cell.key}`;
}

function readPin(text: string | null): Cell | undefined {
  const match = /^(\d{1,3})-(\d{1,3})$/.exec(text ?? pinText(defaultView.pinned));
  return match === null ? undefined : { query: Number(match[1]), key: Number(match[2]) };
}
