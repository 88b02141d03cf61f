/** Runs a dynamic import. @throws Error with a message for the reader when the file cannot be fetched */
export async function fetchCode<Code>(load: () => Promise<Code>): Promise<Code> {
  try {
    return await load();
  } catch (cause) {
    throw new Error("The code for this could not be fetched. Check the connection and try again", { cause });
  }
}
