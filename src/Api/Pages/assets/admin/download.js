// Saves a file of the server.
import { count } from '../page/moments.js';
import { fetchFile } from './api.js';
import { el } from './dom.js';
import { tell, warn } from './notice.js';
import { problem } from './problems.js';
import { t } from './words.js';

/**
 * @param {string} path
 * @param {string} file  its name when saved
 */
export async function download(path, file) {
  tell(t('export.busy'));
  const answer = await fetchFile(path);
  if (!answer.isDone) return warn(problem(answer));
  const address = URL.createObjectURL(answer.data);
  el('a', { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser may still be reading
  tell(t('export.done', { file, size: count(Math.ceil(answer.data.size / 1_000)) }));
}
