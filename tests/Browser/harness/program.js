import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** @type {Set<Program>} */
const running = new Set();

// Whatever happens to the tests, no process stays behind.
process.on('exit', () => running.forEach((program) => program.send('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** A process that the tests started, with its output. It is ended by its id. */
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
      this.#process.once('error', (trouble) => { this.#lines.push(String(trouble)); running.delete(this); resolve(undefined); });
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => this.#lines.push(text));
    }
  }

  /**
   * One of BoxOffice's programs, from the Release build.
   * @param {'Api' | 'Silo'} name
   * @param {Record<string, string>} settings
   * @param {...string} args
   */
  static start(name, settings, ...args) {
    const dll = `${root}src/${name}/bin/Release/net10.0/BoxOffice.${name}.dll`;
    return new Program('dotnet', [dll, ...args], { env: { ...foreignEnvironment(), ...settings } });
  }

  get hasEnded() { return !running.has(this); }

  get output() { return this.#lines.join(''); }

  /** @param {string} text */
  async says(text) {
    await until(`${this.name} says "${text}"`, () => {
      if (this.output.includes(text)) return true;
      if (this.hasEnded) throw new Error(`${this.name} ended:\n${this.output}`);
      return false;
    }, 60);
  }

  /** @param {NodeJS.Signals} signal */
  send(signal) { this.#process.kill(signal); }

  /**
   * Asks it to end, and waits; when it does not, it is killed.
   * @param {NodeJS.Signals} [signal]
   */
  async end(signal = 'SIGTERM') {
    if (this.hasEnded) return;
    this.send(signal);
    const impatience = setTimeout(() => this.send('SIGKILL'), 30_000);
    await this.#ended;
    clearTimeout(impatience);
  }
}

/** What the machine happens to have set must not decide a test. */
function foreignEnvironment() {
  const isOurs = /^(BoxOffice__|ConnectionStrings__|ASPNETCORE_|DOTNET_ENVIRONMENT)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs.test(name)));
}
