/**
 * Whether an example belongs to the held-out tenth, which no model is trained on. It depends only on the text, so
 * training and evaluation never share an example, whatever their seeds.
 */
export function isHeldOut(text: string): boolean {
  return fnv1a(text) % 10 === 0;
}

/** The 32-bit FNV-1a hash of the UTF-16 code units of a text, with its bits mixed. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
