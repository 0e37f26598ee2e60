import { createServer } from 'node:net';

// Below the range of outgoing connections: a restarted program must find its port free.
const first = 18_000;
const count = 14_000;

/**
 * A port that is free now.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = first + Math.floor(Math.random() * count);
    if (await isFree(port)) return port;
  }
}

/**
 * The first of neighbouring ports that are free now. Files of tests run in processes with different ids at the same
 * time: each starts at another range.
 * @param {number} length
 * @returns {Promise<number>}
 */
export async function freePorts(length) {
  const ranges = Math.floor(count / length);
  for (let i = 0; ; i++) {
    const port = first + (process.pid + i) % ranges * length;
    const free = await Promise.all(Array.from({ length }, (_, offset) => isFree(port + offset)));
    if (free.every((each) => each)) return port;
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}
