import { checkTensor, readsWithoutStalling, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Layout } from "./layout.js";
import type { Entries } from "./links.js";

/** The layout's prefix where a state dict has it, none where not. */
export function foundPrefix({ prefix }: Layout, names: readonly string[]): string {
  return names.some((name) => name.startsWith(prefix)) ? prefix : "";
}

/** Entries under the names that the rules know, without those that hold no weights. */
export function weightsOnly(layout: Layout, prefix: string, entries: Entries): Map<string, NonNullable<ReturnType<Entries["get"]>>> {
  const renamed = [...entries].map(([name, tensor]) => [renamedTo(layout, name, entries), tensor] as const);
  return new Map(renamed.filter(([name]) => !isIgnored(layout, prefix, name)));
}

/** Another name's usual one, unless that stands there too. */
function renamedTo({ renamed = {} }: Layout, name: string, entries: Entries): string {
  const ending = Object.keys(renamed).find((each) => name.endsWith(each));
  if (ending === undefined) return name;
  const usual = name.slice(0, name.length - ending.length) + renamed[ending]!;
  return entries.has(usual) ? name : usual;
}

function isIgnored({ ignored = [] }: Layout, prefix: string, name: string): boolean {
  const inner = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const pattern = inner.replace(/(?<=\.)\d+(?=\.)/g, "{i}");
  return ignored.includes(inner) || ignored.includes(pattern) || ignored.includes(name);
}

/**
 * Takes a tied head out. When told nothing, a head with the numbers of the embedding is tied; on a graphics processor,
 * where looking would stall it, no head is.
 *
 * @throws ValueError when a head that is said to be tied has other numbers
 */
export function dropTiedHead(operation: string, layout: Layout, prefix: string, entries: Map<string, unknown>, tied?: boolean): void {
  if (layout.tied === undefined || tied === false) return;
  const [head, embedding] = [entries.get(layout.tied.head), entries.get(prefix + layout.tied.embedding)];
  if (head === undefined || embedding === undefined) return;
  const equal = sameNumbers(operation, head, embedding);
  if (tied === true && equal === false) refuse(ValueError, operation, "tiedHead", "false for a head unlike the embedding", "true");
  if (tied ?? equal ?? false) entries.delete(layout.tied.head);
}

/** Whether two tensors are equal; undefined where that cannot be seen. */
function sameNumbers(operation: string, a: unknown, b: unknown): boolean | undefined {
  checkTensor(operation, "head", a);
  checkTensor(operation, "embedding", b);
  if (a.dataId === b.dataId) return true;
  if (a.size !== b.size) return false;
  if (!readsWithoutStalling()) return undefined;
  const [ours, theirs] = [a.dataSync(), b.dataSync()];
  return ours.every((value, index) => Object.is(value, theirs[index]!));
}
