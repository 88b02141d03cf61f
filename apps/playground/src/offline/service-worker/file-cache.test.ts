import { afterEach, expect, test, vi } from "vitest";
import { FileCache } from "./file-cache.js";

const scope = "https://example.org/a/";

/** The storage of a browser, as far as the cache uses it. */
class MemoryStorage {
  readonly caches = new Map<string, Map<string, Response>>();

  async open(name: string): Promise<unknown> {
    const entries = this.caches.get(name) ?? new Map<string, Response>();
    this.caches.set(name, entries);
    return {
      keys: async () => [...entries.keys()].map((url) => ({ url })),
      match: async (url: string) => entries.get(url)?.clone(),
      put: async (url: string, response: Response) => void entries.set(url, response),
      delete: async (url: string) => entries.delete(url),
    };
  }

  get size(): number {
    return [...this.caches.values()].reduce((sum, entries) => sum + entries.size, 0);
  }
}

/** A host; like a browser, it rejects what has another hash than the page asks for. @returns the URLs asked for */
function serve(contents: Readonly<Record<string, readonly [content: string, hash: string]>>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: URL, { integrity }: RequestInit) => {
    asked.push(url.href);
    const [content, hash] = contents[url.href] ?? ["", ""];
    if (integrity !== `sha256-${hash}`) throw new TypeError("Failed to fetch");
    return new Response(content);
  });
  return asked;
}

function cacheOf(files: Record<string, string>, storage: MemoryStorage, at = scope): FileCache {
  return new FileCache(files, at, storage as unknown as CacheStorage);
}

const textAt = async (cache: FileCache, path: string): Promise<string | undefined> => (await cache.read(scope + path))?.text();

afterEach(() => void vi.unstubAllGlobals());

test("reads a file by the name of the page, of its folder, and with parameters", async () => {
  serve({ [`${scope}index.html`]: ["page", "p/1+"], [`${scope}assets/a.js`]: ["code", "c1"] });
  const cache = cacheOf({ "assets/a.js": "c1", "index.html": "p/1+" }, new MemoryStorage());
  await cache.store();
  expect(await textAt(cache, "")).toBe("page");
  expect(await textAt(cache, "index.html?lesson=3")).toBe("page");
  expect(await textAt(cache, "assets/a.js")).toBe("code");
  expect(await textAt(cache, "assets/b.js")).toBeUndefined();
  expect(await cache.read("https://example.org/index.html")).toBeUndefined();
  expect((await cache.read(scope))?.headers.get("Cross-Origin-Embedder-Policy")).toBe("require-corp");
});

test("reads nothing before everything is stored, and stores the rest at the next try", async () => {
  const [files, storage] = [{ "a.js": "c1", "index.html": "p1" }, new MemoryStorage()];
  serve({ [`${scope}a.js`]: ["code", "c1"] });
  const cache = cacheOf(files, storage);
  await expect(cache.store()).rejects.toThrow("Failed to fetch");
  expect(await textAt(cache, "a.js")).toBeUndefined();
  const asked = serve({ [`${scope}index.html`]: ["page", "p1"] });
  await cache.store();
  expect(asked).toEqual([`${scope}index.html`]);
  expect(await textAt(cache, "a.js")).toBe("code");
});

test("finds the page on a host that serves it only under the name of its folder", async () => {
  const asked = serve({ [scope]: ["page", "p1"] });
  const cache = cacheOf({ "index.html": "p1" }, new MemoryStorage());
  await cache.store();
  expect(asked).toEqual([`${scope}index.html`, scope]);
  expect(await textAt(cache, "")).toBe("page");
});

test("a new build fetches what changed, both are readable, and pruning keeps one", async () => {
  const storage = new MemoryStorage();
  serve({ [`${scope}model.bin`]: ["weights", "m1"], [`${scope}index.html`]: ["old", "p1"] });
  const old = cacheOf({ "model.bin": "m1", "index.html": "p1" }, storage);
  await old.store();
  const asked = serve({ [`${scope}index.html`]: ["new", "p2"] });
  const next = cacheOf({ "model.bin": "m1", "index.html": "p2" }, storage);
  await next.store();
  expect(asked).toEqual([`${scope}index.html`]);
  expect([await textAt(old, ""), await textAt(next, "")]).toEqual(["old", "new"]);
  await next.prune();
  expect([await textAt(old, ""), await textAt(next, "")]).toEqual([undefined, "new"]);
  expect(storage.size).toBe(2);
});

test("a build in another folder of the same host keeps its files", async () => {
  const storage = new MemoryStorage();
  serve({ [`${scope}index.html`]: ["a", "p1"], "https://example.org/b/index.html": ["b", "p2"] });
  const a = cacheOf({ "index.html": "p1" }, storage);
  const b = cacheOf({ "index.html": "p2" }, storage, "https://example.org/b/");
  await Promise.all([a.store(), b.store()]);
  await b.prune();
  expect(await textAt(a, "")).toBe("a");
});
