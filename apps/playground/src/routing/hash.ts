/** The room and parameters in the hash of a URL. */
export interface Hash {
  readonly room: string;
  readonly parameters: URLSearchParams;
}

/** Parses a hash of the form `#/room?name=value`. */
export function parseHash(hash: string): Hash {
  const path = hash.replace(/^#\/?/, "");
  const split = path.indexOf("?");
  if (split < 0) return { room: path, parameters: new URLSearchParams() };
  return { room: path.slice(0, split), parameters: new URLSearchParams(path.slice(split + 1)) };
}

/** The hash of a room and its parameters. */
export function hashOf(room: string, parameters: URLSearchParams): string {
  const query = parameters.toString();
  return query === "" ? `#/${room}` : `#/${room}?${query}`;
}
