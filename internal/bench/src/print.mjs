const write = (text) => void process.stdout.write(`${text}\n`);
const digits = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const spread = ({ min, max }) => (min === max ? "" : `(${digits(min)} to ${digits(max)})`);
const percent = (share) => `${(share * 100).toFixed(0)} %`;
const times = (ratio) => `${digits(ratio)}x`;
const count = (threads) => `${threads} thread${threads === 1 ? "" : "s"}`;
const label = ({ name, version }, note = "") => `${[name, version].filter(Boolean).join(" ")}${note}`.padEnd(36);
const peakNames = { multiplyAdd: "multiply-add peak", relaxedMultiplyAdd: "multiply-add peak", read: "streaming read" };

/** One case: ours on the first line, an opponent on each further line with its goal. */
export function printCase({ rows, missing }) {
  const [{ suite, case: name, runtime, threads, bits, ours }] = rows;
  write(`\n${suite} · ${name}${bits === undefined ? "" : ` · ${bits} bits`} · ${runtime} · ${count(threads)}`);
  write(
    `  ${label({ name: "ours", version: "" })} ${measured(ours, ours.unit)} ${limits(rows[0])}${verdict(rows[0], "shareOfPeak", percent)}`,
  );
  for (const row of rows.filter(({ opponent }) => opponent !== undefined)) {
    const ratio = times(row.ratio).padStart(8);
    const warning = row.differs === undefined ? "" : `  ITS NUMBERS DIFFER (${row.differs})`;
    const note = row.opponent.threads < threads ? `, ${count(row.opponent.threads)}` : "";
    write(`  ${label(row.opponent, note)} ${measured(row.opponent, ours.unit)} ${ratio}${verdict(row, "ratio", times)}${warning}`);
  }
  for (const { opponent, reason } of missing) write(`  ${label(opponent)} ${reason}`);
}

const measured = (statistics, unit) => `${digits(statistics.median).padStart(8)} ${unit} ${spread(statistics).padEnd(18)}`;

function limits({ rate, peak, shareOfPeak, heapGrowth, tokensPerSecond, milliseconds }) {
  if (rate === undefined && heapGrowth === undefined) return "";
  const time = milliseconds === undefined ? "" : `, ${digits(milliseconds.median)} ms ${spread(milliseconds)}`;
  if (heapGrowth !== undefined) return `the heap grew by ${digits(heapGrowth)} MiB${time}`;
  const tokens = tokensPerSecond === undefined ? "" : `, ${digits(tokensPerSecond)} tokens/s`;
  return `${digits(rate.value)} ${rate.unit}, ${percent(shareOfPeak)} of the ${peakNames[peak.name]}${tokens}`;
}

function verdict({ goals = [] }, measure, format) {
  const goal = goals.find((each) => each.measure === measure);
  return goal === undefined ? "" : `  (goal ${format(goal.atLeast)}, ${goal.met ? "met" : "NOT MET"})`;
}

/** What was set up, and what the machine can do at most. */
export function printHost({ runtime, setup }, threads, peaks) {
  const kernels = `kernels ${setup.kernels}, ${setup.relaxedSimd ? "relaxed" : "plain"} SIMD, ${count(setup.threads.got)}`;
  write(`${runtime}: ${kernels}; replaces ${setup.replaced.length} kernels of tfjs and adds ${setup.added.length}.`);
  for (const refusal of setup.refusals) write(`  refused: ${refusal}`);
  for (const { name, value, unit } of peaks) write(`  ${name.padEnd(34)} ${digits(value)} ${unit}`);
}

export function printFailure(suite, name, error) {
  write(`\n${suite} · ${name}\n  failed: ${error.message.split("\n")[0]}`);
}
