import { fetchCode } from "./fetch-code.js";

type Calls = Readonly<Record<string, (...given: never[]) => unknown>>;

/** The same calls, each of which gives a promise. */
export type Lazy<Eager> = {
  readonly [Name in keyof Eager]: Eager[Name] extends (...given: infer Given) => infer Result
    ? (...given: Given) => Promise<Awaited<Result>>
    : never;
};

/**
 * Calls whose code is fetched when the first of them is made.
 *
 * @param names of all of them
 */
export function lazily<Eager extends { readonly [Name in keyof Eager]: Calls[string] }>(
  names: readonly (keyof Eager)[],
  load: () => Promise<Eager>,
): Lazy<Eager> {
  const call =
    (name: keyof Eager) =>
    async (...given: never[]) =>
      (await fetchCode(load))[name](...given);
  return Object.fromEntries(names.map((name) => [name, call(name)])) as Lazy<Eager>;
}
