import { firefox } from "playwright";

/** Starts the Firefox at FIREFOX_PATH. Playwright drives an unchanged Firefox by WebDriver BiDi. */
export async function launchFirefox() {
  const executablePath = process.env.FIREFOX_PATH;
  const browser = await firefox.launch({ channel: "moz-firefox", executablePath });
  forgiveEmulation(browser);
  return browser;
}

/** Playwright sets the colour scheme of every page, by a command that long-term releases of Firefox do not have yet. */
function forgiveEmulation(browser) {
  const session = Object.getPrototypeOf(browser._connection.toImpl(browser)._browserSession);
  const { send } = session;
  session.send = function (method, ...rest) {
    return send.call(this, method, ...rest).catch((error) => {
      if (!method.startsWith("emulation.") || !error.message.includes("unknown command")) throw error;
      return {};
    });
  };
}
