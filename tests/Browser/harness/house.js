import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Caller } from './caller.js';
import { freePort } from './free-port.js';
import { PostgresServer } from './postgres.js';
import { Program } from './program.js';
import { until } from './until.js';

export const operatorPassword = 'the house is open tonight';

/** A running BoxOffice, as users run it. Each front-end keeps its address when it is stopped and started again. */
export class House {
  /** @type {Program[]} */
  #frontEnds = [];
  /** @type {Record<string, string>[]} */
  #settings = [];
  /** @type {(() => Promise<void>)[]} */
  #closing = [];

  /** Where the front-ends answer. @type {string[]} */
  urls = [];

  /** One process with a store in a temporary folder. @param {Record<string, string>} [settings] */
  static embedded(settings = {}) {
    return House.#open(async (house) => {
      const folder = await mkdtemp(join(tmpdir(), 'boxoffice-browser-store-'));
      house.#closing.push(() => rm(folder, { recursive: true, force: true }));
      await house.#reserveAddress({ ...await settingsOf(), BoxOffice__DataDirectory: folder, ...settings });
      await house.startFrontEnd();
    });
  }

  /** Silos and front-ends on PostgreSQL. @param {{silos?: number, frontEnds?: number}} [shape] */
  static cluster({ silos = 2, frontEnds = 2 } = {}) {
    return House.#open(async (house) => {
      const postgres = await PostgresServer.start();
      house.#closing.push(() => postgres.remove());
      const settings = async () => ({ ...await settingsOf(), ConnectionStrings__boxoffice: postgres.connectionString });
      await Promise.all(Array.from({ length: silos }, async () => {
        const silo = Program.start('Silo', await settings());
        house.#closing.push(() => silo.end());
        await silo.says('silo is ready');
      }));
      for (let i = 0; i < frontEnds; i++) await house.#reserveAddress(await settings());
      await Promise.all(house.urls.map((_, number) => house.startFrontEnd(number)));
    });
  }

  get url() { return /** @type {string} */ (this.urls[0]); }

  /** Somebody who may open events. @param {string} [url] */
  operator(url = this.url) { return new Caller(url).logIn('operator', operatorPassword); }

  /** As an operator would stop it. @param {number} [number] */
  stopFrontEnd(number = 0) { return this.#frontEnds[number]?.end(); }

  /** @param {number} [number] */
  async startFrontEnd(number = 0) {
    const url = /** @type {string} */ (this.urls[number]);
    const frontEnd = Program.start('Api', this.#settings[number] ?? {}, '--urls', url);
    this.#frontEnds[number] = frontEnd;
    await until(`${url} is ready`, () => {
      if (frontEnd.hasEnded) throw new Error(`It ended:\n${frontEnd.output}`);
      return new Caller(url).isReady();
    }, 60);
  }

  async close() {
    await Promise.all(this.#frontEnds.map((one) => one.end()));
    for (const close of this.#closing.reverse()) await close();
  }

  /** @param {(house: House) => Promise<void>} start */
  static async #open(start) {
    const house = new House();
    try {
      await start(house);
      return house;
    } catch (trouble) {
      await house.close();
      throw trouble;
    }
  }

  /** @param {Record<string, string>} settings */
  async #reserveAddress(settings) {
    this.urls.push(`http://127.0.0.1:${await freePort()}`);
    this.#settings.push(settings);
  }
}

async function settingsOf() {
  return {
    BoxOffice__OperatorPassword: operatorPassword,
    BoxOffice__TokenKey: 'a key for tests only, long enough for HS256',
    BoxOffice__PasswordIterations: '1000', // tests are about logging in, not about the cost of it
    BoxOffice__DrainDelay: '00:00:00', // nobody balances here
    BoxOffice__SiloPort: String(await freePort()),
    BoxOffice__GatewayPort: String(await freePort()),
  };
}
