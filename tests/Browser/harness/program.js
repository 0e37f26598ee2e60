import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** @type {Set<Program>} */
const running = new Set();

// Ends all processes when the tests end, also when they fail or are interrupted.
process.on('exit', () => running.forEach((program) => program.send('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** A process of the tests, with its output. */
export class Program {
  /** @type {string[]} */
  #lines = [];
  #process;
  #ended;

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{env?: Record<string, string | undefined>, cwd?: string}} [options]
   */
  constructor(command, args, options = {}) {
    this.name = [command, ...args].join(' ');
    this.#process = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this);
    this.#ended = new Promise((resolve) => {
      this.#process.once('close', () => { running.delete(this); resolve(undefined); });
      this.#process.once('error', (failure) => {
        this.#lines.push(String(failure));
        running.delete(this);
        resolve(undefined);
      });
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => this.#lines.push(text));
    }
  }

  /**
   * Starts a program of BoxOffice, from the Release build.
   * @param {'Api'} name
   * @param {Record<string, string>} settings
   * @param {...string} args
   */
  static start(name, settings, ...args) {
    const dll = `${root}src/${name}/bin/Release/net10.0/BoxOffice.${name}.dll`;
    return new Program('dotnet', [dll, ...args], { env: { ...foreignEnvironment(), ...settings } });
  }

  get hasEnded() { return !running.has(this); }

  get output() { return this.#lines.join(''); }

  /** @param {NodeJS.Signals} signal */
  send(signal) { this.#process.kill(signal); }

  /**
   * Stops the process gracefully, and kills it after 30 s.
   * @param {NodeJS.Signals} [signal]
   */
  async end(signal = 'SIGTERM') {
    if (this.hasEnded) return;
    this.send(signal);
    const timeout = setTimeout(() => this.send('SIGKILL'), 30_000);
    await this.#ended;
    clearTimeout(timeout);
  }
}

/** The environment without settings of our programs: the machine's settings must not decide a test. */
export function foreignEnvironment() {
  const isOurs = /^(BOXOFFICE_CLUSTER_|BoxOffice__|ConnectionStrings__|ASPNETCORE_|DOTNET_ENVIRONMENT)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs.test(name)));
}
