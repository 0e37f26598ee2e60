// A window above the page. The browser keeps the focus in it, and gives it back.
import { el, newId } from './dom.js';

/**
 * @param {string} title
 * @param {...(Node | string)} content
 * @returns {HTMLDialogElement} open; it leaves the page when it is closed
 */
export function openDialog(title, ...content) {
  const id = newId('dialog');
  const dialog = el('dialog', { class: 'card', 'aria-labelledby': id }, el('h2', { id }, title), ...content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something is done.
 * @param {{title: string, text: string, submit: string, cancel: string}} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, submit, cancel }) {
  return new Promise((resolve) => {
    const no = el('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, cancel);
    const yes = el('button', { type: 'button', class: 'primary', onclick: () => dialog.close('yes') }, submit);
    const dialog = openDialog(title, el('p', {}, text), el('div', { class: 'actions' }, no, yes));
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
  });
}
