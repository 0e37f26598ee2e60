import { execFile } from 'node:child_process';
import { mkdtemp, rm, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { Program } from './program.js';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** A PostgreSQL server of its own in a temporary folder, with the durability settings of production. */
export class PostgresServer {
  #programs;
  #folder;
  #port;
  /** @type {Program | undefined} */
  #server;

  /**
   * @param {string} programs
   * @param {string} folder
   * @param {number} port
   */
  constructor(programs, folder, port) {
    this.#programs = programs;
    this.#folder = folder;
    this.#port = port;
  }

  static async start() {
    const folder = await mkdtemp(join(tmpdir(), 'boxoffice-browser-postgres-'));
    const postgres = new PostgresServer(await programsFolder(), folder, await freePort());
    try {
      await postgres.#start();
      return postgres;
    } catch (trouble) {
      await postgres.remove();
      throw trouble;
    }
  }

  get connectionString() { return `Host=127.0.0.1;Port=${this.#port};Username=boxoffice;Database=postgres;Timeout=3`; }

  async remove() {
    await this.#server?.end('SIGINT');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #start() {
    const data = join(this.#folder, 'data');
    if (isRoot) await run('chown', ['postgres', this.#folder]);
    const [initdb, ...how] = this.#asOwner('initdb', '-D', data, '-U', 'boxoffice', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
    await run(initdb, how, { cwd: this.#folder });
    const [server, ...args] = this.#asOwner('postgres', '-D', data, '-p', String(this.#port),
      '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${this.#folder}`, '-c', 'logging_collector=off');
    this.#server = new Program(server, args, { cwd: this.#folder });
    await this.#server.says('ready to accept connections');
  }

  /**
   * PostgreSQL refuses to run as root; then it runs as the user that Debian's package made.
   * @param {string} program
   * @param {...string} args
   * @returns {[string, ...string[]]}
   */
  #asOwner(program, ...args) {
    const path = join(this.#programs, program);
    return isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', path, ...args] : [path, ...args];
  }
}

async function programsFolder() {
  const given = process.env['BOXOFFICE_POSTGRES_BIN'];
  if (given) return given;
  const debian = '/usr/lib/postgresql';
  const newest = (await readdir(debian)).sort((a, b) => Number(b) - Number(a))[0];
  if (!newest) throw new Error('PostgreSQL is not installed: apt-get install postgresql, or set BOXOFFICE_POSTGRES_BIN.');
  return join(debian, newest, 'bin');
}
