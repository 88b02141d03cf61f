/** What the hash of an address says. */
export interface Hash {
  readonly room: string;
  readonly parameters: URLSearchParams;
}

/** The room and parameters in a hash, `#/room?name=value`. */
export function parseHash(hash: string): Hash {
  const path = hash.replace(/^#\/?/, "");
  const split = path.indexOf("?");
  if (split < 0) return { room: path, parameters: new URLSearchParams() };
  return { room: path.slice(0, split), parameters: new URLSearchParams(path.slice(split + 1)) };
}

/** The hash that leads to a room. */
export function hashOf(room: string, parameters: URLSearchParams): string {
  const query = parameters.toString();
  return query === "" ? `#/${room}` : `#/${room}?${query}`;
}
