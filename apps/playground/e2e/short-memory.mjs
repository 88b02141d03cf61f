/** Runs in a worker before its script. */
const refusal = (bytes) => `
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65536 > ${bytes}) throw new RangeError("WebAssembly.Memory.grow(): no more memory");
    return grow.call(this, pages);
  };
`;

/**
 * Refuses more WebAssembly memory to the compute worker of a page than so many bytes, as a browser does that has no more. @param workers
 * to how many workers, from the first one on
 */
export async function limitMemory(page, bytes, workers = Infinity) {
  let left = workers;
  await page.route("**/compute.worker*.js", async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    await route.fulfill({ response, body: left-- > 0 ? refusal(bytes) + script : script });
  });
}
