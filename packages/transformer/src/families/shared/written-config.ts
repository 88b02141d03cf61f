import { canonicalActivationName, isActivationName } from "@tfblocks/feed-forward";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { entryNames, type Layout } from "@tfblocks/weights/layouts";
import { layoutOptions } from "./layout-options.js";

/** Sizes that no config holds. */
const unwritten = new Set(["random"]);

/**
 * Checks that a config which was written is read as the same sizes.
 *
 * @param read reads the config, given the names of the weights' tensors
 * @throws ValueError that names the first size that a config of the family cannot express
 */
export function checkWritten(
  family: string,
  layout: Layout,
  sizes: Readonly<object>,
  read: (names: ReadonlySet<string>) => Readonly<object>,
): void {
  const numLayers = "numLayers" in sizes ? (sizes.numLayers as number) : 0;
  const again = read(new Set(entryNames(layout, layoutOptions(layout, sizes))));
  for (const [name, value] of Object.entries<unknown>({ ...sizes })) {
    const back = (again as Readonly<Record<string, unknown>>)[name];
    if (unwritten.has(name) || isSame(value, back, numLayers)) continue;
    refuse(ValueError, "modelConfig", name, `${shown(back, numLayers)} to be saved as a config of ${family}`, shown(value, numLayers));
  }
}

type PerLayer = (index: number) => unknown;

function shown(value: unknown, numLayers: number): string {
  const text = JSON.stringify(typeof value === "function" ? perLayer(value as PerLayer, numLayers) : value) as string | undefined;
  return typeof value === "number" || text === undefined ? String(value) : text;
}

function isSame(value: unknown, back: unknown, numLayers: number): boolean {
  if (typeof value === "function" && typeof back === "function") {
    return isSame(perLayer(value as PerLayer, numLayers), perLayer(back as PerLayer, numLayers), numLayers);
  }
  return JSON.stringify(canonical(value)) === JSON.stringify(canonical(back));
}

function perLayer(value: PerLayer, numLayers: number): readonly unknown[] {
  return Array.from({ length: numLayers }, (_, index) => value(index) ?? null);
}

/** The same for objects with the same entries in another order and for two names of an activation; other than null for Infinity. */
function canonical(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return isActivationName(value) ? canonicalActivationName(value) : value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
