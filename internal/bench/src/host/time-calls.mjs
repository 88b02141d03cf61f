const warmUpTime = 300;

/** Milliseconds of one call of a prepared case, the mean of `calls`, after one that is not timed. */
export async function timeCalls({ run, use, reset, calls: inOne = 1 }, calls) {
  use?.();
  await reset?.();
  if (calls > 1) await run();
  const started = performance.now();
  for (let call = 0; call < calls; call++) {
    const pending = run();
    if (pending !== undefined) await pending;
  }
  return (performance.now() - started) / (calls * inOne);
}

/** Calls until compilers have settled: at least three times unless a call is very slow. Gives the fastest call in milliseconds. */
export async function warmUp({ run, use, reset, calls: inOne = 1 }) {
  use?.();
  await reset?.();
  const started = performance.now();
  let fastest = Infinity;
  for (let call = 0; call < 3 || performance.now() - started < warmUpTime; call++) {
    const before = performance.now();
    await run();
    const now = performance.now();
    fastest = Math.min(fastest, now - before);
    if (now - started > 2000) break;
  }
  return fastest / inOne;
}
