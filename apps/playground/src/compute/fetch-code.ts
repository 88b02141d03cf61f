/** What an import gives; where its file cannot be had, an error in the reader's words. */
export async function fetchCode<Code>(load: () => Promise<Code>): Promise<Code> {
  try {
    return await load();
  } catch (cause) {
    throw new Error("The code for this could not be fetched; check the connection and try again", { cause });
  }
}
