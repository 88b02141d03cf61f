import { distance, tolerance } from "./agreement.mjs";
import { bytes, flops } from "./host/work.mjs";
import { measure } from "./measure.mjs";
import { opponentOf } from "./opponents.mjs";

const notInstalled = "not installed: npm run bench -- setup-pytorch";

/**
 * Times one case: ours, its opponents, and the peak that limits it, sample by sample in turn.
 *
 * @returns `{ rows, missing, peak }`: a row for each opponent, and why the others have none
 */
export async function runCase(hosts, suite, benchCase, { threads, quick, onRound }) {
  const { case: name, spec } = benchCase;
  const own = await hosts.get("own", threads);
  const ours = await enter(own, { slot: "ours", contender: "ours", spec });
  if (ours.refused) throw new Error(`${suite}, ${name}: ours ${ours.refused}`);
  const peak = await enterPeak(own, spec);
  const missing = [];
  const opponents = [];
  for (const [index, each] of benchCase.opponents.entries()) {
    const opponent = opponentOf(each, spec, threads);
    const host = await hosts.get(opponent.host, opponent.threads);
    const entrant = host === undefined ? { refused: notInstalled } : await enter(host, { slot: `opponent ${index}`, ...opponent });
    if (entrant.refused) missing.push({ opponent, reason: entrant.refused });
    else opponents.push({ ...opponent, ...entrant });
  }
  await compare(ours, opponents);

  const [ourTime, peakTime, ...times] = await measure([ours, peak, ...opponents], { quick, threads, onRound });
  const share = shareOfPeak(spec, ourTime, peak, peakTime);
  const rows = opponents.map((opponent, index) => rowOf({ suite, name, own, threads, spec, ourTime, share, opponent, time: times[index] }));
  for (const host of new Set([own, ...opponents.map(({ host: each }) => each)])) await host.call("release");
  return { rows, missing, peak: { name: peak.name, rate: peak.work / peakTime.median / 1e6 }, ours: ourTime, share };
}

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

function shareOfPeak(spec, ourTime, { work }, peakTime) {
  return (bytes(spec) ?? flops(spec)) / ourTime.median / (work / peakTime.median);
}

/** Contenders that compute something else are not compared; what is ours under other conditions is. */
async function compare(ours, opponents) {
  const expected = await ours.host.call("output", { slot: ours.slot });
  for (const opponent of opponents) {
    if (opponent.contender === "ours") continue;
    const apart = distance(expected, await opponent.host.call("output", { slot: opponent.slot }));
    if (!(apart <= tolerance)) opponent.differs = apart;
  }
}

function rowOf({ suite, name, own, threads, spec, ourTime, share, opponent, time }) {
  const factor = opponent.asWork ? flops(spec) / flops(opponent.spec) : 1;
  const scaled = Object.fromEntries(Object.entries(time).map(([key, value]) => [key, value * factor]));
  return {
    suite,
    case: name,
    runtime: own.info.runtime,
    threads,
    ours: { ...ourTime, unit: "ms" },
    opponent: { name: opponent.name, version: opponent.version, ...scaled },
    ratio: scaled.median / ourTime.median,
    shareOfPeak: share,
    ...(opponent.differs !== undefined && { differs: opponent.differs }),
  };
}
