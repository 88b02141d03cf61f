import { fetchCode } from "./fetch-code.js";

/** The functions of a module, each of which returns a promise. */
export type Lazy<Module> = {
  readonly [Name in keyof Module]: Module[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** The functions of a module that is fetched on the first call. */
export function lazily<Module extends { readonly [Name in keyof Module]: (...args: never[]) => unknown }>(
  load: () => Promise<Module>,
): Lazy<Module> {
  return new Proxy({} as Lazy<Module>, {
    get:
      (_target, name) =>
      async (...args: never[]) =>
        (await fetchCode(load))[name as keyof Module](...args),
  });
}
