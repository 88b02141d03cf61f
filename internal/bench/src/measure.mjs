import { setTimeout as pause } from "node:timers/promises";
import { statistics } from "./statistics.mjs";

/** How long one sample should take, how long all rounds of a case may take, and how many rounds there are at most. */
const budgets = {
  normal: { sample: 100, rounds: 30_000, most: 25 },
  quick: { sample: 10, rounds: 1_500, most: 5 },
};
const fewestRounds = 3;
/** Threads of the contender before may still spin for work. */
const settle = 30;

/**
 * Samples the contenders in turn, so that what the machine does meanwhile reaches all alike.
 *
 * @param entrants `{ host, slot, estimate }`, prepared
 * @returns for each, in order, `{ median, min, max }` in ms of one call
 */
export async function measure(entrants, { quick, threads, onRound }) {
  const budget = quick ? budgets.quick : budgets.normal;
  const calls = entrants.map(({ estimate }) => Math.max(1, Math.round(budget.sample / estimate)));
  const roundTime = entrants.reduce((total, { estimate }, index) => total + estimate * (calls[index] + 1), 0);
  const rounds = Math.max(fewestRounds, Math.min(budget.most, Math.floor(budget.rounds / roundTime)));
  const samples = entrants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    onRound?.(round, rounds);
    for (const [index, { host, slot }] of entrants.entries()) {
      if (threads > 1) await pause(settle);
      samples[index].push(await host.call("sample", { slot, calls: calls[index] }));
    }
  }
  return samples.map((each) => statistics(each));
}
