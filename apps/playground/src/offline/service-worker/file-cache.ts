import { isolated } from "./isolated.js";

/** The SHA-256 of each file of a build, in base64, by its path. */
export type BuildFiles = Readonly<Record<string, string>>;

const page = "index.html";

/**
 * The files of one build in the cache of the browser. Each is stored under its path and hash, and only if it has that hash, so
 * that files of two builds are never mixed, and a new build fetches only what changed. A build is read once all its files are there.
 */
export class FileCache {
  readonly #files: BuildFiles;
  readonly #scope: string;
  readonly #storage: CacheStorage;
  #complete = false;
  #storing: Promise<void> | undefined;

  /** @param scope the URL of the folder of the build; builds at other URLs have caches of their own */
  constructor(files: BuildFiles, scope: string, storage: CacheStorage) {
    this.#files = files;
    this.#scope = scope;
    this.#storage = storage;
  }

  /** Whether a URL is a file of this build. */
  has(url: string): boolean {
    return this.#pathOf(url) !== undefined;
  }

  /** The file at a URL; undefined if it must come from the network. */
  async read(url: string): Promise<Response | undefined> {
    const path = this.#pathOf(url);
    if (path === undefined || !(await this.#isComplete())) return undefined;
    return (await this.#open()).match(this.#keyOf(path));
  }

  /** Fetches and stores what is missing. @throws Error when a file cannot be fetched or stored, or is not of this build */
  store(): Promise<void> {
    this.#storing ??= this.#storeMissing().finally(() => {
      this.#storing = undefined;
    });
    return this.#storing;
  }

  /** Deletes the files of other builds. */
  async prune(): Promise<void> {
    const cache = await this.#open();
    const kept = new Set(this.#keys());
    for (const { url } of await cache.keys()) if (!kept.has(url)) await cache.delete(url);
  }

  async #storeMissing(): Promise<void> {
    const cache = await this.#open();
    const stored = await storedKeys(cache);
    for (const path of Object.keys(this.#files)) {
      if (!stored.has(this.#keyOf(path))) await cache.put(this.#keyOf(path), isolated(await this.#fetch(path)));
    }
  }

  /** Fetches a file of exactly this build. Some hosts serve the page only under the name of its folder. */
  async #fetch(path: string): Promise<Response> {
    const fetched = (name: string): Promise<Response> =>
      fetch(new URL(name, this.#scope), { cache: "no-cache", integrity: `sha256-${this.#files[path]}` });
    return path === page ? fetched(page).catch(() => fetched(".")) : fetched(path);
  }

  async #isComplete(): Promise<boolean> {
    if (!this.#complete) {
      const stored = await storedKeys(await this.#open());
      this.#complete = this.#keys().every((key) => stored.has(key));
    }
    return this.#complete;
  }

  /** The URL of the folder is that of the page. Parameters choose no other file. */
  #pathOf(url: string): string | undefined {
    const { origin, pathname } = new URL(url);
    const address = origin + pathname;
    if (!address.startsWith(this.#scope)) return undefined;
    const path = decodeURI(address.slice(this.#scope.length)) || page;
    return Object.hasOwn(this.#files, path) ? path : undefined;
  }

  #keyOf(path: string): string {
    return new URL(`${path}?${encodeURIComponent(this.#files[path]!)}`, this.#scope).href;
  }

  #keys(): string[] {
    return Object.keys(this.#files).map((path) => this.#keyOf(path));
  }

  #open(): Promise<Cache> {
    return this.#storage.open(`tfblocks-playground ${this.#scope}`);
  }
}

async function storedKeys(cache: Cache): Promise<Set<string>> {
  return new Set((await cache.keys()).map(({ url }) => url));
}
