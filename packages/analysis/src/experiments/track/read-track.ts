import { type AllowedKeys, rowStart } from "../../maps/allowed-keys.js";
import type { ExtraKey } from "../../maps/extra-keys.js";
import { columnsOf, eachRow, type MapCodes, type MapLayout } from "./coded-maps.js";
import {
  readBytes,
  readFields,
  readInteger,
  readList,
  readNumberOrNull,
  readShape,
  readText,
  refuseData,
  refuseText,
} from "./data-reader.js";
import type { TrackedAttention, TrackedScores, TrackedStep } from "./track-step.js";

/** What a track consists of. */
export interface TrackParts {
  readonly ids: readonly (readonly number[])[];
  readonly tokens: readonly (readonly string[])[];
  readonly layouts: ReadonlyMap<string, MapLayout>;
  readonly steps: readonly TrackedStep[];
}

/** Reads a track that may come from anywhere: everything in it is checked. @throws ValueError, ShapeError that name the place */
export function readTrack(data: unknown): TrackParts {
  const file = readFields("data", data);
  if (file["experiment"] !== "trainingTrack") refuseData("experiment", `"trainingTrack"`, file["experiment"]);
  if (file["version"] !== 1) refuseData("version", "1", file["version"]);
  const ids = readList("ids", file["ids"]).map((row, at) => readList(`ids[${at}]`, row).map((id) => readInteger(`ids[${at}]`, id, 0)));
  const tokens = readList("tokens", file["tokens"]).map((row, at) =>
    readList(`tokens[${at}]`, row).map((text) => readText(`tokens[${at}]`, text)),
  );
  const layouts = new Map<string, MapLayout>();
  for (const [at, item] of readList("attentions", file["attentions"]).entries()) {
    const name = readText(`attentions[${at}].name`, readFields(`attentions[${at}]`, item)["name"]);
    if (layouts.has(name)) refuseData(`attentions[${at}].name`, "another name than those before", name);
    layouts.set(name, readLayout(`attentions[${at}]`, item));
  }
  const steps: TrackedStep[] = [];
  for (const [at, item] of readList("steps", file["steps"]).entries()) {
    steps.push(readStep(`steps[${at}]`, item, layouts, 1 + (steps.at(-1)?.step ?? -1)));
  }
  return { ids, tokens, layouts, steps };
}

function readLayout(place: string, value: unknown): MapLayout {
  const fields = readFields(place, value);
  const [batch, heads, queryLength, keyLength] = readShape(`${place}.shape`, fields["shape"]);
  const [queryOffset, keyOffset] = (["queryOffset", "keyOffset"] as const).map((name) => readInteger(`${place}.${name}`, fields[name], 0));
  const extraKeys = readExtraKeys(`${place}.extraKeys`, fields["extraKeys"]);
  const allowed = readMask(`${place}.mask`, fields["mask"], [batch, heads, queryLength, keyLength]);
  const queryKeep = readFlags(`${place}.queryKeep`, fields["queryKeep"], batch * queryLength);
  return { batch, heads, queryLength, keyLength, queryOffset: queryOffset!, keyOffset: keyOffset!, extraKeys, allowed, queryKeep };
}

function readExtraKeys(place: string, value: unknown): ExtraKey[] {
  const given = readList(place, value);
  const known = (["learnedKey", "sink"] as const).filter((key) => given.includes(key));
  return known.length === given.length ? known : refuseData(place, `"learnedKey", "sink", or both`, value);
}

function readMask(place: string, value: unknown, maps: readonly number[]): AllowedKeys {
  const fields = readFields(place, value);
  const shape = readShape(`${place}.shape`, fields["shape"]);
  const fits = shape.every((size, axis) => size === maps[axis] || (axis < 2 && size === 1));
  if (!fits) refuseData(`${place}.shape`, `that of the maps, [${maps.join(", ")}], or 1 for batch and heads`, fields["shape"]);
  return {
    data: readFlags(
      `${place}.cells`,
      fields["cells"],
      shape.reduce((product, size) => product * size, 1),
    ),
    shape,
  };
}

function readFlags(place: string, value: unknown, count: number): Uint8Array {
  const flags = readBytes(place, value, count);
  return flags.every((flag) => flag <= 1) ? flags : refuseText(place, "bytes 0 and 1", "other bytes");
}

function readStep(place: string, value: unknown, layouts: ReadonlyMap<string, MapLayout>, next: number): TrackedStep {
  const fields = readFields(place, value);
  const step = readInteger(`${place}.step`, fields["step"], next);
  const loss = readNumberOrNull(`${place}.loss`, fields["loss"]);
  const items = readList(`${place}.attentions`, fields["attentions"]);
  if (items.length !== layouts.size) refuseData(`${place}.attentions`, `one for each of the ${layouts.size} attentions`, items);
  const attentions = [...layouts].map(([name, layout], at): [string, TrackedAttention] => [
    name,
    readAttention(`${place}.attentions[${at}]`, items[at], layout),
  ]);
  return { step, loss, attentions: new Map(attentions) };
}

function readAttention(place: string, value: unknown, layout: MapLayout): TrackedAttention {
  const fields = readFields(place, value);
  const { batch, heads, queryLength } = layout;
  const codes = readBytes(`${place}.codes`, fields["codes"], batch * heads * queryLength * columnsOf(layout));
  checkCodes(`${place}.codes`, codes, layout);
  const metrics = Object.entries(readFields(`${place}.metrics`, fields["metrics"])).map(([name, scores]): [string, TrackedScores] => [
    name,
    readScores(`${place}.metrics.${name}`, scores, heads),
  ]);
  return { codes, metrics: new Map(metrics) };
}

function readScores(place: string, value: unknown, heads: number): TrackedScores {
  const fields = readFields(place, value);
  const [scores, nullScores] = (["scores", "nullScores"] as const).map((name) => {
    const numbers = readList(`${place}.${name}`, fields[name]).map((each) => readNumberOrNull(`${place}.${name}`, each));
    return numbers.length === heads ? numbers : refuseData(`${place}.${name}`, `${heads} numbers`, numbers);
  });
  return { scores: scores!, nullScores: nullScores! };
}

/** Every row that has a key has weights, and only where it may attend. */
function checkCodes(place: string, codes: MapCodes, layout: MapLayout): void {
  const { allowed, keyLength, queryKeep, queryLength } = layout;
  const columns = columnsOf(layout);
  eachRow(layout, (batch, head, query, row) => {
    const [cells, isKept] = [rowStart(allowed, batch, head, query), queryKeep[batch * queryLength + query] !== 0];
    let [sum, hasKey] = [0, false];
    for (let column = 0; column < columns; column++) {
      const isAllowed = isKept && (column >= keyLength || allowed.data[cells + column] !== 0);
      const code = codes[row * columns + column]!;
      if (code > 0 && !isAllowed) refuseText(place, "0 where the mask forbids a key", `${code} in row ${row}`);
      sum += code;
      hasKey ||= isAllowed;
    }
    if (hasKey && sum === 0) refuseText(place, "codes with a weight in every row that has a key", `none in row ${row}`);
  });
}
