import { checkTensor, readsWithoutStalling, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Layout } from "./layout.js";
import type { Entries, Shaped } from "./links.js";

/** The layout's prefix if some name has it, else an empty string. */
export function foundPrefix({ prefix }: Layout, names: readonly string[]): string {
  return names.some((name) => name.startsWith(prefix)) ? prefix : "";
}

/** Entries under the names of the rules, without buffers and copies. */
export function weightsOnly<Entry extends Shaped>(layout: Layout, prefix: string, entries: Entries<Entry>): Map<string, Entry> {
  const renamed = [...entries].map(([name, tensor]) => [renamedTo(layout, name, entries), tensor] as const);
  return new Map(renamed.filter(([name]) => !isIgnored(layout, prefix, name)));
}

/** The usual name of an entry with another name, unless both names are present. */
function renamedTo({ renamed = {} }: Layout, name: string, entries: Entries<Shaped>): string {
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
 * Removes a tied head from the entries. By default a head is tied when it equals the embedding. On a graphics processor,
 * where comparing would stall it, no head counts as tied.
 *
 * @throws ValueError when `tied` is true and the head differs from the embedding
 */
export function dropTiedHead(operation: string, layout: Layout, prefix: string, entries: Map<string, unknown>, tied?: boolean): void {
  if (layout.tied === undefined || tied === false) return;
  const [head, embedding] = [entries.get(layout.tied.head), entries.get(prefix + layout.tied.embedding)];
  if (head === undefined || embedding === undefined) return;
  const equal = sameNumbers(operation, head, embedding);
  if (tied === true && equal === false) {
    refuse(ValueError, operation, "tiedHead (tie_word_embeddings of a config)", "false for a head that differs from the embedding", "true");
  }
  if (tied ?? equal ?? false) entries.delete(layout.tied.head);
}

/** Whether two tensors are equal; undefined where reading them would stall. */
function sameNumbers(operation: string, a: unknown, b: unknown): boolean | undefined {
  checkTensor(operation, "head", a);
  checkTensor(operation, "embedding", b);
  if (a.dataId === b.dataId) return true;
  if (a.size !== b.size) return false;
  if (!readsWithoutStalling()) return undefined;
  const [ours, theirs] = [a.dataSync(), b.dataSync()];
  return ours.every((value, index) => Object.is(value, theirs[index]!));
}
