import { clusters } from "./clusters.js";
import { type Fields, refusePart } from "./fields.js";
import type { Step } from "./step.js";

const encoder = new TextEncoder();

/**
 * The normalizer that SentencePiece compiles into its models: a map from characters, and short sequences of them, to text.
 * The map holds the size of a trie in bytes, the trie as a double array of uint32, and the texts, each ended by a zero byte.
 *
 * As in the library, a cluster of fewer than six bytes is looked up as a whole, and replaced by the text of its **shortest**
 * prefix in the trie; otherwise each character is looked up alone.
 *
 * Source: Kudo and Richardson 2018, SentencePiece; the double array is that of Darts-clone.
 */
export function precompiled(fields: Fields): Step[] {
  const path = fields.at("precompiled_charsmap");
  const map = new CharacterMap(path, bytesOf(path, fields.string("precompiled_charsmap")));
  return [{ apply: (text) => map.apply(text), lead: (text, lead) => map.lead(text, lead) }];
}

class CharacterMap {
  readonly #trie: Uint32Array;
  readonly #texts: Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(path: string, bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = bytes.length < 4 ? 0 : view.getUint32(0, true);
    if (size < 4 || size % 4 !== 0 || size > bytes.length - 4) refusePart(path, "a trie and its texts", `${bytes.length} bytes`);
    this.#trie = Uint32Array.from({ length: size / 4 }, (_, at) => view.getUint32(4 + 4 * at, true));
    this.#texts = bytes.subarray(4 + size);
  }

  apply(text: string): string {
    let result = "";
    for (const cluster of clusters(text)) result += this.#cluster(cluster);
    return result;
  }

  /** What is removed at the start counts as part of what follows, as in the library. */
  lead(text: string, lead: number, span: number = lead + 256): number {
    if (lead === 0) return 0;
    let [at, written] = [0, 0];
    for (const cluster of clusters(text.slice(0, span))) {
      for (const { length, result } of this.#parts(cluster)) {
        at += length;
        written += result.length;
        if (written > 0 && at >= lead) return written;
      }
    }
    return written === 0 && span < text.length ? this.lead(text, lead, 8 * span) : written;
  }

  #cluster(cluster: string): string {
    const known = this.#known.get(cluster);
    if (known !== undefined) return known;
    const text = this.#parts(cluster)
      .map(({ result }) => result)
      .join("");
    if (this.#known.size < 10_000) this.#known.set(cluster, text);
    return text;
  }

  /** What is looked up together, its length and what becomes of it. */
  #parts(cluster: string): { length: number; result: string }[] {
    const bytes = encoder.encode(cluster);
    const whole = bytes.length < 6 ? this.#find(bytes) : undefined;
    if (whole !== undefined) return [{ length: cluster.length, result: whole }];
    return Array.from(cluster, (character) => ({
      length: character.length,
      result: this.#find(encoder.encode(character)) ?? character,
    }));
  }

  /** The text of the shortest prefix in the trie. */
  #find(bytes: Uint8Array): string | undefined {
    const trie = this.#trie;
    let node = offsetOf(trie[0]!);
    for (const byte of bytes) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = trie[node];
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
      node ^= offsetOf(unit);
      if ((unit & 0x100) !== 0) return this.#text(trie[node]! & 0x7fffffff);
    }
    return undefined;
  }

  #text(start: number): string {
    const end = this.#texts.indexOf(0, start);
    return new TextDecoder().decode(this.#texts.subarray(start, end === -1 ? undefined : end));
  }
}

const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);

function bytesOf(path: string, base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return refusePart(path, "bytes in base 64", base64);
  }
}
