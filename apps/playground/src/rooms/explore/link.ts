import { rampNames } from "@tfblocks/analysis/colors";
import { weightRanges } from "../../color/color-scale.js";
import { decimal, type Field, oneOf, readSettings, type SettingsLink, whole, writeSettings } from "../../routing/settings-link.js";
import { largestTemperature, smallestTemperature } from "../../ui/temperature-field.js";
import { mapStages } from "./map-stages.js";
import { defaultView, type ExploreView, type Pin, sorts } from "./view.js";

const mostTokens = 9999;
const metricName: Field<string> = (text) => (/^\w{1,40}$/.test(text) ? text : undefined);

const { pin: firstPin, ...firstView } = defaultView;

/** The view without the pinned cell, which has a form of its own. */
const viewLink: SettingsLink<Omit<ExploreView, "pin">> = {
  defaults: firstView,
  fields: {
    sort: oneOf(sorts),
    metric: metricName,
    shows: oneOf(["grid", "plane"]),
    ramp: oneOf(rampNames),
    range: oneOf(weightRanges),
    stage: oneOf(mapStages),
    position: whole(-1, mostTokens),
    temperature: decimal(smallestTemperature, largestTemperature),
    side: oneOf(["query", "key"]),
    measure: oneOf(["top", "actual", "entropy"]),
    lensLayer: whole(-1, 999),
  },
};

/** The view of a link. What is missing or not valid takes its default. */
export function readLink(parameters: URLSearchParams): ExploreView {
  return { ...readSettings(viewLink, parameters), pin: readPin(parameters.get("pin")) };
}

/** What differs from the default view, as parameters of a link. */
export function writeLink({ pin, ...view }: ExploreView): URLSearchParams {
  const parameters = writeSettings(viewLink, view);
  if (pin !== firstPin) parameters.set("pin", typeof pin === "string" ? pin : `${pin.query}-${pin.key}`);
  return parameters;
}

function readPin(text: string | null): Pin {
  const match = /^(\d{1,4})-(\d{1,4})$/.exec(text ?? "");
  if (match !== null) return { query: Number(match[1]), key: Number(match[2]) };
  return text === "none" ? "none" : "strongest";
}
