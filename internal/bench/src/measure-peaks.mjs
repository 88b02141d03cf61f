import { statistics } from "./statistics.mjs";

const kinds = [
  { contender: "multiplyAdd", name: "multiply and add, plain SIMD", unit: "GFLOP/s" },
  { contender: "relaxedMultiplyAdd", name: "multiply-add, relaxed SIMD", unit: "GFLOP/s" },
  { contender: "read", name: "streaming read", unit: "GB/s" },
];

/** The limits of a host that it can measure, `{ name, value, unit }` each. */
export async function measurePeaks(host) {
  const peaks = [];
  for (const { contender, name, unit } of kinds) {
    const { refused, work } = await host.call("prepare", { slot: "peak", contender });
    if (refused) continue;
    const samples = [];
    for (let sample = 0; sample < 5; sample++) samples.push(await host.call("sample", { slot: "peak", calls: 2 }));
    await host.call("release");
    peaks.push({ name, value: work / statistics(samples).median / 1e6, unit });
  }
  return peaks;
}
