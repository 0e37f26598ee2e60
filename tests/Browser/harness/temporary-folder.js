import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './program.js'; // its exit handler comes first: it kills processes before their folders are removed

/** @type {Set<string>} */
const folders = new Set();

// Also when the tests are interrupted. A killed process may write for a moment longer.
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })));

/**
 * Creates an empty folder that is removed at the end.
 * @param {string} name
 */
export async function makeTemporaryFolder(name) {
  const folder = await mkdtemp(join(tmpdir(), `boxoffice-browser-${name}-`));
  folders.add(folder);
  return folder;
}

/** @param {string} folder */
export async function removeTemporaryFolder(folder) {
  await rm(folder, { recursive: true, force: true });
  folders.delete(folder);
}
