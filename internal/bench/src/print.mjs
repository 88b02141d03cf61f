const write = (text) => void process.stdout.write(`${text}\n`);
const digits = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const spread = ({ min, max }) => `(${digits(min)} to ${digits(max)})`;
const percent = (share) => `${(share * 100).toFixed(0)} %`;
const peakNames = { multiplyAdd: "the multiply-add peak", relaxedMultiplyAdd: "the multiply-add peak", read: "a streaming read" };
const count = (threads) => `${threads} thread${threads === 1 ? "" : "s"}`;

/** One case: ours on the first line, an opponent on each further line with its goal. */
export function printCase({ suite, name, runtime, threads, ours, unit = "ms", share, peak, rows, missing, goals }) {
  const limit = share === undefined ? "" : `, ${percent(share)} of ${peakNames[peak.name]}`;
  const ownGoals = goals.flat().filter(({ measure }) => measure === "shareOfPeak");
  write(`\n${suite} · ${name} · ${runtime} · ${count(threads)}`);
  write(`  ${"ours".padEnd(34)} ${digits(ours.median).padStart(8)} ${unit} ${spread(ours).padEnd(20)}${limit}${shown(ownGoals, percent)}`);
  for (const [index, { opponent, ratio, differs }] of rows.entries()) {
    const label = `${opponent.name} ${opponent.version}`.trim().padEnd(34);
    const time = `${digits(opponent.median).padStart(8)} ${unit} ${spread(opponent).padEnd(20)}`;
    const ratioGoals = goals[index].filter(({ measure }) => measure === "ratio");
    const warning = differs === undefined ? "" : `  ITS NUMBERS DIFFER by ${differs.toExponential(1)}`;
    write(`  ${label} ${time} ${`${digits(ratio)}x`.padStart(8)}${shown(ratioGoals, (ratioGoal) => `${ratioGoal}x`)}${warning}`);
  }
  for (const { opponent, reason } of missing) write(`  ${`${opponent.name} ${opponent.version}`.trim().padEnd(34)} ${reason}`);
}

const shown = ([goal], format) => {
  if (goal === undefined) return "";
  const verdict = goal.met === undefined ? "" : goal.met ? ", met" : ", NOT MET";
  return `  (goal ${format(goal.atLeast)}${verdict})`;
};

export function printPeaks(runtime, threads, peaks) {
  write(`Peaks of ${runtime}, ${count(threads)}: ${peaks.map(({ name, rate }) => `${name} ${rate}`).join(", ")}.`);
}

export const say = write;
