import { distance, tolerance } from "./agreement.mjs";
import { bytes, flops } from "./host/work.mjs";
import { measure } from "./measure.mjs";
import { opponentOf } from "./opponents.mjs";

/**
 * Times one case: ours, its opponents, and the peak that limits it, sample by sample in turn.
 *
 * @returns `{ rows, missing }`: a row for each opponent, or one without; and why the others have none
 */
export async function runCase(hosts, suite, { case: name, spec, opponents: wanted }, { threads, quick }) {
  const own = await hosts.get("own", threads);
  const ours = await enter(own, { slot: "ours", contender: "ours", spec });
  if (ours.refused) throw new Error(`ours: ${ours.refused}`);
  const peak = await enterPeak(own, spec);
  const { opponents, missing } = await enterOpponents(hosts, wanted, spec, threads);
  if (opponents.length > 0) await compare(ours, opponents, spec);
  const [ourTime, peakTime, ...times] = await measure([ours, peak, ...opponents], { quick, threads });
  for (const host of new Set([own, ...opponents.map(({ host: each }) => each)])) await host.call("release");

  const base = {
    suite,
    case: name,
    runtime: own.info.runtime,
    threads,
    ...(spec.bits && { bits: spec.bits }),
    ours: { ...ourTime, unit: "ms" },
    rate: { value: workOf(spec) / ourTime.median / 1e6, unit: unitOf(spec) },
    ...(spec.tokens && { tokensPerSecond: (spec.tokens / ourTime.median) * 1000 }),
    peak: { name: peak.name, value: peak.work / peakTime.median / 1e6 },
  };
  const alone = { ...base, shareOfPeak: base.rate.value / base.peak.value };
  const rows = opponents.map((opponent, index) => ({ ...alone, ...against(opponent, spec, ourTime, times[index]) }));
  return { rows: rows.length > 0 ? rows : [alone], missing };
}

const workOf = (spec) => bytes(spec) ?? flops(spec);
const unitOf = (spec) => (bytes(spec) === undefined ? "GFLOP/s" : "GB/s");

async function enter(host, { slot, contender, spec }) {
  const { estimate, work, refused } = await host.call("prepare", { slot, contender, spec });
  return { host, slot, estimate, work, refused };
}

/** What limits the case: memory where it moves bytes, else the faster way to multiply and add that the runtime has. */
async function enterPeak(host, spec) {
  const names = bytes(spec) === undefined ? ["relaxedMultiplyAdd", "multiplyAdd"] : ["read"];
  for (const name of names) {
    const entrant = await enter(host, { slot: "peak", contender: name, spec });
    if (!entrant.refused) return { ...entrant, name };
  }
  throw new Error(`no peak of ${names.join(" or ")} could be measured`);
}

async function enterOpponents(hosts, wanted, spec, threads) {
  const [opponents, missing] = [[], []];
  for (const [index, each] of wanted.entries()) {
    const opponent = opponentOf(each, spec, threads);
    const entrant = await tryToEnter(hosts, `opponent ${index}`, opponent);
    if (entrant.refused) missing.push({ opponent, reason: entrant.refused });
    else opponents.push({ ...opponent, ...entrant });
  }
  return { opponents, missing };
}

async function tryToEnter(hosts, slot, opponent) {
  const { bits = 32 } = opponent.spec;
  if (!opponent.bits.includes(bits)) return { refused: `has no weights of ${bits} bits` };
  try {
    const host = await hosts.get(opponent.host, opponent.threads);
    return await enter(host, { slot, contender: opponent.contender, spec: opponent.given(opponent.spec) });
  } catch (error) {
    return { refused: error.message.split("\n")[0] };
  }
}

/** Marks the opponents that compute something else than ours, of those that should compute the same. */
async function compare(ours, opponents, spec) {
  const expected = await ours.host.call("output", { slot: ours.slot });
  for (const opponent of opponents) {
    if (opponent.spec !== spec) continue;
    const apart = distance(expected, await opponent.host.call("output", { slot: opponent.slot }));
    if (!(apart <= (opponent.tolerances?.[spec.bits] ?? tolerance))) opponent.differs = apart ?? "another shape";
  }
}

/** An opponent that does other work than ours is given as long as it would take for ours. */
function against(opponent, spec, ourTime, time) {
  const { name, version, asWork, differs } = opponent;
  const factor = asWork ? flops(spec) / flops(opponent.spec) : 1;
  const [median, min, max] = [time.median * factor, time.min * factor, time.max * factor];
  return {
    opponent: { name, version, threads: threadsOf(opponent), median, min, max },
    ratio: median / ourTime.median,
    ...(differs !== undefined && { differs }),
  };
}

function threadsOf({ oneThread = "never", threads, host }) {
  const isAlone = oneThread === "always" || (oneThread === "in Node.js" && host.info.runtime.startsWith("Node.js"));
  return isAlone ? 1 : threads;
}
