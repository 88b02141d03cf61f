import { opponentOf } from "./opponents.mjs";

const mebibyte = 2 ** 20;

/**
 * The heap that one call of attention takes beyond its inputs, beside those inputs and the output themselves and beside
 * the composition of stock tfjs. Each is measured in a process or page of its own, since a heap never shrinks.
 *
 * @returns `{ rows, missing }` as `runCase`
 */
export async function runMemory(hosts, suite, { case: name, spec, opponents }, { threads }) {
  const { peak, growth, runtime } = await heapOf(hosts, "ours", spec, threads);
  const ours = { ...once(peak), unit: "MiB" };
  const base = { suite, case: name, runtime, threads, ours, heapGrowth: growth };
  const against = (opponent, size) => ({ ...base, opponent: { ...opponent, ...once(size) }, ratio: size / peak });
  const rows = [against({ name: "query + key + value + output", version: "" }, tensorSizes(spec))];
  for (const each of opponents) {
    const { contender, name: opponentName, version } = opponentOf(each, spec, threads);
    rows.push(against({ name: opponentName, version }, (await heapOf(hosts, contender, spec, threads)).peak));
  }
  return { rows, missing: [] };
}

/** In MiB: what was allocated at most, and by how much the heap grew. */
export async function heapOf(hosts, contender, spec, threads) {
  const host = await hosts.fresh(threads);
  try {
    const { peak, growth } = await host.call("memory", { contender, spec });
    return { peak: peak / mebibyte, growth: growth / mebibyte, runtime: host.info.runtime };
  } finally {
    await host.close();
  }
}

const once = (value) => ({ median: value, min: value, max: value });

const tensorSizes = ({ batch, heads, kvHeads, queries, keys, headDim }) =>
  (4 * batch * headDim * (2 * heads * queries + 2 * kvHeads * keys)) / mebibyte;
