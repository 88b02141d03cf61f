/** Freezes a tab for some milliseconds, as Chromium does with one that has been hidden for long. */
export async function whileFrozen(page, milliseconds) {
  const developer = await page.context().newCDPSession(page);
  await developer.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await developer.send("Page.setWebLifecycleState", { state: "active" });
}
