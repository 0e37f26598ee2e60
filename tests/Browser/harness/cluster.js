import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from './free-port.js';
import { foreignEnvironment } from './program.js';
import { testSettings } from './server.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../eng/cluster.sh', import.meta.url));
const portCount = 31; // of eng/cluster.sh: from the balancer's to PostgreSQL's

/** @typedef {import('./server.js').Server} Server */

/** @type {Set<Cluster>} */
const running = new Set();

// Also when the tests are interrupted: the processes of a cluster are independent of this one.
process.on('exit', () => running.forEach((cluster) => cluster.removeAtExit()));

/** Silos and front-ends on PostgreSQL, run by eng/cluster.sh. @implements {Server} */
export class Cluster {
  #environment;

  /**
   * @param {string} folder
   * @param {number} port       the balancer's
   * @param {number} silos
   * @param {number} frontEnds
   */
  constructor(folder, port, silos, frontEnds) {
    this.urls = Array.from({ length: frontEnds }, (_, i) => `http://127.0.0.1:${port + 1 + i}`);
    this.#environment = {
      ...foreignEnvironment(),
      ...testSettings,
      BOXOFFICE_CLUSTER_DIR: folder,
      BOXOFFICE_CLUSTER_PORT: String(port),
      BOXOFFICE_CLUSTER_SILOS: String(silos),
      BOXOFFICE_CLUSTER_FRONT_ENDS: String(frontEnds),
    };
    running.add(this);
  }

  /** @param {{silos?: number, frontEnds?: number}} [shape] */
  static async start({ silos = 2, frontEnds = 2 } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'boxoffice-browser-cluster-'));
    const cluster = new Cluster(folder, await freePorts(portCount), silos, frontEnds);
    try {
      await cluster.#script('up', '--no-build');
      return cluster;
    } catch (failure) {
      await cluster.close();
      throw failure;
    }
  }

  async startFrontEnd(number = 0) { await this.#script('start', `api-${number + 1}`); }

  async stopFrontEnd(number = 0) { await this.#script('stop', `api-${number + 1}`); }

  async close() {
    await this.#script('down', '--purge');
    running.delete(this);
  }

  removeAtExit() { spawnSync(script, ['down', '--purge'], { env: this.#environment }); }

  /** @param {...string} args */
  async #script(...args) { await run(script, args, { env: this.#environment }); }
}
