import { Failure } from "../lib/run.mjs";

const description = "multiplies each feature by a learned factor";

/** docs/architecture.md with a row for the package, the last of its layer; a layer above the highest one is new. */
export function addLayerRow(text, name, layer) {
  const lines = text.split("\n");
  const start = lines.indexOf("```");
  const end = lines.findIndex((line, index) => index > start && line.startsWith("apps/"));
  const layers = lines.slice(start, end).flatMap((line, index) => {
    const number = /^layer (\d+) /.exec(line)?.[1];
    return number === undefined ? [] : [{ number: Number(number), line: start + index }];
  });
  const highest = layers.at(-1)?.number ?? 0;
  if (!/^\d+$/.test(layer) || Number(layer) < 1 || Number(layer) > highest + 1) {
    throw new Failure(`new-block: --layer must be an integer from 1 to ${highest + 1}, got "${layer}".`);
  }
  const next = layers.find(({ number }) => number > Number(layer))?.line ?? end;
  const label = Number(layer) > highest ? `layer ${layer}` : "";
  const row = `${label.padEnd(10)}${`${name}  `.padEnd(17)}${description}`;
  return lines.toSpliced(next, 0, row).join("\n");
}

/** README.md with a row for the package, the last of its table. */
export function addPackageRow(text, name) {
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => line.startsWith("| [`@tfblocks/"));
  const row = `| [\`@tfblocks/${name}\`](packages/${name}) | ${description} |`;
  return lines.toSpliced(last + 1, 0, row).join("\n");
}
