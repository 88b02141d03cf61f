/** Computes, or lets a worker compute, and leaves the result where the test finds it: results[name] in the page. */
export async function show(name, work) {
  globalThis.results ??= {};
  const result = await work().catch((error) => ({ failure: String(error) }));
  globalThis.results[name] = result;
  document.body.append(Object.assign(document.createElement("pre"), { textContent: `${name} ${JSON.stringify(result, null, 2)}` }));
}

export const inWorker = (worker) => () =>
  new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => resolve(data));
    worker.addEventListener("error", ({ message }) => reject(new Error(message || "the worker did not start")));
  });
