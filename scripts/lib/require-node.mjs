// Every root command imports this first, so that an old Node.js gets a sentence instead of a stack trace.
const [major, minor] = process.versions.node.split(".").map(Number);
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (!supported) {
  console.error(`tfblocks needs Node.js 20.19+ or 22.12+, and this is ${process.version}: install a newer one from https://nodejs.org.`);
  process.exit(1);
}
