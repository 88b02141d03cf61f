import { showToast } from "./toast.js";

/** Copies a text and says so. @param what what was copied, at the start of a sentence: "Link" */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast(`${what} copied.`);
  } catch {
    showToast("The browser did not allow copying.");
  }
}
