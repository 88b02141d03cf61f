/** Answers the messages of the parent process, `{ id, method, params }`, one after the other. */
export function serve(host) {
  let last = Promise.resolve();
  process.on("message", (request) => {
    last = answer(host, request, last);
  });
  process.on("disconnect", () => process.exit());
}

async function answer(host, { id, method, params }, before) {
  await before;
  try {
    process.send({ id, result: (await host[method](params)) ?? null });
  } catch (error) {
    process.send({ id, error: String(error.stack ?? error) });
  }
}
