const colorful = process.stderr.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colorful ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

/** Messages of these commands go to stderr; stdout belongs to the program that they run. */
export const say = (text = "") => void process.stderr.write(`${text}\n`);

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const quietFor = 2_000;
const repeatAfter = 20_000;

/** Shows progress of a slow step: a spinner on a terminal, a plain line now and then elsewhere. Returns a function that ends it. */
export function showProgress(title) {
  const started = Date.now();
  const interactive = process.stderr.isTTY;
  let announcedAt = started - repeatAfter + quietFor;

  const spin = () => {
    const elapsed = Date.now() - started;
    if (elapsed > 300) {
      process.stderr.write(`\r\u001b[2K${frames[Math.floor(elapsed / 80) % frames.length]} ${title} ${dim(seconds(elapsed))}`);
    }
  };
  const announce = () => {
    if (Date.now() - announcedAt < repeatAfter) return;
    announcedAt = Date.now();
    say(`${title} … ${seconds(announcedAt - started)}`);
  };

  const timer = setInterval(interactive ? spin : announce, interactive ? 80 : 500);
  return () => {
    clearInterval(timer);
    if (interactive) process.stderr.write("\r\u001b[2K");
  };
}
