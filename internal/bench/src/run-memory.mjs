import { opponentOf } from "./opponents.mjs";
import { once } from "./statistics.mjs";

const mebibyte = 2 ** 20;

/**
 * The heap that one call takes beyond its inputs, beside the tensors that the case names and beside its opponents. Each is measured in a process or page of its own, since a heap never shrinks.
 *
 * @returns `{ rows, missing }` as `runCase`
 */
export async function runMemory(hosts, suite, { case: name, spec, beside, opponents }, { threads }) {
  const { peak, growth, runtime } = await heapOf(hosts, "ours", spec, threads);
  const ours = { ...once(peak), unit: "MiB" };
  const base = { suite, case: name, runtime, threads, ours, heapGrowth: growth };
  const against = (opponent, size) => ({ ...base, opponent: { ...opponent, ...once(size) }, ratio: size / peak });
  const rows = [against({ name: beside.name, version: "" }, beside.size)];
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
