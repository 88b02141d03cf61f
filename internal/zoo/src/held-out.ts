/**
 * Whether an example belongs to the tenth that no model trains on. It depends on the text alone, so that training and
 * evaluation never share one, whatever their seeds.
 */
export function isHeldOut(text: string): boolean {
  return fnv1a(text) % 10 === 0;
}

/** The 32-bit FNV-1a hash of a text's UTF-16 units, its bits mixed once more. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
