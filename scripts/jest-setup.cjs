// Before each test file: the network is out of reach beyond this machine, and `npm run fuzz` asks for longer runs.
const net = require('node:net');

const GUARDED = Symbol.for('cdk8s-netpol.loopback-only');
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

if (!net.Socket.prototype[GUARDED]) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype[GUARDED] = true;
  net.Socket.prototype.connect = function (...args) {
    // Node passes its own calls on as one array of normalised arguments
    const [first, second] = Array.isArray(args[0]) ? args[0] : args;
    const target = typeof first === 'object' ? first : { port: first, host: typeof second === 'string' ? second : undefined };
    const host = target.host ?? 'localhost';
    if (target.path === undefined && target.port !== undefined && !LOOPBACK.test(host)) {
      throw new Error(`a test tried to reach ${host}:${target.port}: tests use loopback only`);
    }
    return connect.apply(this, args);
  };
}

// FUZZ_SEED makes every property draw the same values again: a run that turns red has a change to thank for it, not luck.
const numRuns = wholeNumber('FUZZ_RUNS', 1);
const seed = wholeNumber('FUZZ_SEED', 0);
if (numRuns !== undefined || seed !== undefined) {
  require('fast-check').configureGlobal({ ...(numRuns === undefined ? {} : { numRuns }), ...(seed === undefined ? {} : { seed }) });
}

function wholeNumber(name, least) {
  const text = process.env[name];
  if (!text) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new Error(`${name} is "${text}": give a whole number, ${least} or more`);
  return number;
}
