/** What a table is, by its name. */
const tableNames = ["runs", "records", "weights", "checkpoints"] as const;
export type TableName = (typeof tableNames)[number];

/** A key of a table: the key of a run, and a step in tables with several values of a run. */
export type TableKey = readonly [run: string, step: number];

/** Values by table and key. */
export interface Tables {
  put(table: TableName, key: TableKey, value: unknown): Promise<void>;
  get(table: TableName, key: TableKey): Promise<unknown>;
  /** The values of one run, or of all, in the order of their keys. */
  all(table: TableName, run?: string): Promise<readonly unknown[]>;
  /** The keys of the values of a run, in their order. */
  keys(table: TableName, run: string): Promise<readonly TableKey[]>;
  /** Forgets everything of a run. */
  remove(run: string): Promise<void>;
}

const database = "tfblocks-training";
const version = 1;
const noAnswer = "The storage of the browser does not answer";

/** The tables of this browser, which all tabs share and a reload keeps. @throws Error when the browser keeps nothing for this page */
export async function openBrowserTables(): Promise<Tables> {
  if (globalThis.indexedDB === undefined) throw new Error("This browser has no storage for pages");
  const open = indexedDB.open(database, version);
  open.onupgradeneeded = () => {
    for (const name of tableNames) open.result.createObjectStore(name);
  };
  const connection = await answerOf(open);
  connection.onversionchange = () => connection.close(); // a newer page wants to change the tables
  return new BrowserTables(connection);
}

class BrowserTables implements Tables {
  readonly #connection: IDBDatabase;

  constructor(connection: IDBDatabase) {
    this.#connection = connection;
  }

  async put(table: TableName, key: TableKey, value: unknown): Promise<void> {
    const transaction = this.#connection.transaction(table, "readwrite");
    transaction.objectStore(table).put(value, [...key]);
    await endOf(transaction);
  }

  async get(table: TableName, key: TableKey): Promise<unknown> {
    return answerOf(
      this.#connection
        .transaction(table)
        .objectStore(table)
        .get([...key]),
    );
  }

  async all(table: TableName, run?: string): Promise<readonly unknown[]> {
    return answerOf(
      this.#connection
        .transaction(table)
        .objectStore(table)
        .getAll(run === undefined ? undefined : keysOf(run)),
    );
  }

  async keys(table: TableName, run: string): Promise<readonly TableKey[]> {
    return (await answerOf(this.#connection.transaction(table).objectStore(table).getAllKeys(keysOf(run)))) as unknown as TableKey[];
  }

  async remove(run: string): Promise<void> {
    const transaction = this.#connection.transaction(tableNames, "readwrite");
    for (const name of tableNames) transaction.objectStore(name).delete(keysOf(run));
    await endOf(transaction);
  }
}

/** Tables that end with the page, for browsers that keep nothing. Like those of the browser, they keep and give copies. */
export class MemoryTables implements Tables {
  readonly #values = new Map<TableName, Map<string, { readonly key: TableKey; readonly value: unknown }>>(
    tableNames.map((name) => [name, new Map()]),
  );

  async put(table: TableName, key: TableKey, value: unknown): Promise<void> {
    this.#values.get(table)!.set(key.join(), { key, value: structuredClone(value) });
  }

  async get(table: TableName, key: TableKey): Promise<unknown> {
    return structuredClone(this.#values.get(table)!.get(key.join())?.value);
  }

  async all(table: TableName, run?: string): Promise<readonly unknown[]> {
    return this.#entries(table, run).map(({ value }) => structuredClone(value));
  }

  async keys(table: TableName, run: string): Promise<readonly TableKey[]> {
    return this.#entries(table, run).map(({ key }) => key);
  }

  async remove(run: string): Promise<void> {
    for (const table of this.#values.values()) for (const [name, { key }] of table) if (key[0] === run) table.delete(name);
  }

  /** In the order of the keys. */
  #entries(table: TableName, run: string | undefined) {
    const entries = [...this.#values.get(table)!.values()].filter(({ key }) => run === undefined || key[0] === run);
    return entries.toSorted((a, b) => (a.key[0] === b.key[0] ? a.key[1] - b.key[1] : a.key[0] < b.key[0] ? -1 : 1));
  }
}

/** All keys of a run. */
function keysOf(run: string): IDBKeyRange {
  return IDBKeyRange.bound([run, -Infinity], [run, Infinity]);
}

function answerOf<Answer>(request: IDBRequest<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error(noAnswer)));
  });
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error ?? new Error(noAnswer)));
  });
}
