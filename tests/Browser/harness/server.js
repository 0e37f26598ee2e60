import { ApiClient } from './api-client.js';
import { freePort } from './free-port.js';
import { Program } from './program.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

export const operatorPassword = 'the house is open tonight';

/** Settings of all servers of the tests. @type {Record<string, string>} */
export const testSettings = {
  BoxOffice__OperatorPassword: operatorPassword,
  BoxOffice__PasswordIterations: '1000', // hashing is cheap: tests do not measure it
  BoxOffice__LoadTest: 'true', // members and their tokens come from operators
  BoxOffice__DrainDelay: '00:00:00', // no load balancer needs time to notice
};

/**
 * A running BoxOffice. Each front-end keeps its address over restarts.
 * @typedef {object} Server
 * @property {string[]} urls  addresses of the front-ends
 * @property {(number?: number) => Promise<void>} stopFrontEnd  gracefully
 * @property {(number?: number) => Promise<void>} startFrontEnd
 * @property {() => Promise<void>} close
 */

/** One process with a store in a temporary folder. @implements {Server} */
export class EmbeddedServer {
  #folder;
  #settings;
  /** @type {Program | undefined} */
  #program;

  /**
   * @param {string} url
   * @param {string} folder
   * @param {Record<string, string>} settings
   */
  constructor(url, folder, settings) {
    this.urls = [url];
    this.#folder = folder;
    this.#settings = settings;
  }

  static async start() {
    const folder = await makeTemporaryFolder('store');
    const server = new EmbeddedServer(`http://127.0.0.1:${await freePort()}`, folder, {
      ...testSettings,
      BoxOffice__DataDirectory: folder,
      BoxOffice__SiloPort: String(await freePort()),
      BoxOffice__GatewayPort: String(await freePort()),
    });
    try {
      await server.startFrontEnd();
      return server;
    } catch (failure) {
      await server.close();
      throw failure;
    }
  }

  async startFrontEnd() {
    const [url = ''] = this.urls;
    const program = Program.start('Api', this.#settings, '--urls', url);
    this.#program = program;
    await until(`${url} is ready`, () => {
      if (program.hasEnded) throw new Error(`The server ended:\n${program.output}`);
      return new ApiClient(url).isReady();
    }, 60);
  }

  async stopFrontEnd() { await this.#program?.end(); }

  async close() {
    await this.stopFrontEnd();
    await removeTemporaryFolder(this.#folder);
  }
}
