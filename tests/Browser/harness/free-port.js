import { createServer } from 'node:net';

/**
 * A port that nobody uses at this moment, below those that the kernel gives to outgoing connections: a program that was
 * stopped must find its port free when it comes back.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = 18_000 + Math.floor(Math.random() * 14_000);
    if (await isFree(port)) return port;
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
