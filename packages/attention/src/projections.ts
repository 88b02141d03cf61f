import { checkBlock, type Projection, refuse, ValueError } from "@tfblocks/tensor-utils";

/** The projections and head counts that determine the widths of a multi-head attention. */
export interface Projections {
  readonly query: Projection;
  readonly key: Projection;
  readonly value: Projection;
  readonly output: Projection;
  readonly numHeads: number;
  readonly numKvHeads: number;
}

/** The widths known from the projections, each with its source, in the form that `checkShapes` takes. */
export function knownWidths({ query, key, value, numHeads, numKvHeads }: Projections): Record<string, [size: number, source: string]> {
  const widths = {
    dModel: [query.inFeatures, "the query projection"],
    keyInputDim: [key.inFeatures, "the key projection"],
    valueInputDim: [value.inFeatures, "the value projection"],
    kvHeads: [numKvHeads, "numKvHeads"],
    headDim: [perHead(query.outFeatures, numHeads), "the query projection"],
    valueDim: [perHead(value.outFeatures, numKvHeads), "the value projection"],
  } as const;
  return Object.fromEntries(
    Object.entries(widths).flatMap(([name, [width, source]]) => (width === undefined ? [] : [[name, [width, source]]])),
  );
}

function perHead(width: number | undefined, heads: number): number | undefined {
  return width === undefined ? undefined : width / heads;
}

/** @throws ValueError when a projection is not a block, or its width does not match the heads or the other projections */
export function checkProjections(operation: string, projections: Projections): void {
  const { query, key, value, output, numHeads, numKvHeads } = projections;
  for (const [name, part] of Object.entries({ query, key, value, output })) {
    checkBlock(operation, name, part);
  }
  checkWidth(operation, "query", query.outFeatures, numHeads, "numHeads");
  checkWidth(operation, "key", key.outFeatures, numKvHeads, "numKvHeads");
  checkWidth(operation, "value", value.outFeatures, numKvHeads, "numKvHeads");
  const headDim = perHead(query.outFeatures, numHeads);
  const valueDim = perHead(value.outFeatures, numKvHeads);
  checkEqual(operation, "key.outFeatures", key.outFeatures, headDim && headDim * numKvHeads, "numKvHeads × headDim of the query");
  checkEqual(operation, "output.inFeatures", output.inFeatures, valueDim && valueDim * numHeads, "numHeads × valueDim of the value");
}

function checkWidth(operation: string, part: string, width: number | undefined, heads: number, name: string): void {
  if (width === undefined || width % heads === 0) return;
  refuse(ValueError, operation, `${part}.outFeatures`, `divisible by ${name} = ${heads}`, width);
}

function checkEqual(operation: string, argument: string, width: number | undefined, expected: number | undefined, rule: string): void {
  if (width === undefined || expected === undefined || width === expected) return;
  refuse(ValueError, operation, argument, `${expected} (${rule})`, width);
}
