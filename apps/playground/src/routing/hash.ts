/** The room and parameters in the hash of a URL. */
export interface Hash {
  readonly room: string;
  readonly parameters: URLSearchParams;
}

/** Increased whenever an old link would be read wrongly. */
const version = "2";

/** Version 1 has other rooms, whose parameters mean the same. */
const readable: readonly (string | null)[] = [version, "1", null];

/** Parses a hash of the form `#/room?v=2&name=value`; of a link of an unknown version only the room is read. */
export function parseHash(hash: string): Hash {
  const path = hash.replace(/^#\/?/, "");
  const split = path.indexOf("?");
  if (split < 0) return { room: path, parameters: new URLSearchParams() };
  const parameters = new URLSearchParams(path.slice(split + 1));
  const isReadable = readable.includes(parameters.get("v"));
  parameters.delete("v");
  return { room: path.slice(0, split), parameters: isReadable ? parameters : new URLSearchParams() };
}

/** The hash of a room and its parameters. */
export function hashOf(room: string, parameters: URLSearchParams): string {
  const query = parameters.toString();
  return query === "" ? `#/${room}` : `#/${room}?v=${version}&${query}`;
}
