import { element } from './element.js';

let ids = 0;

/**
 * A modal dialog. The browser keeps the focus in it, and gives it back.
 * @param {string | HTMLElement} title  a text, or a heading that changes
 * @param {...import('./element.js').Child} content
 * @returns {HTMLDialogElement} open; it leaves the page when it is closed
 */
export function openDialog(title, ...content) {
  const id = `dialog-${++ids}`;
  const heading = typeof title === 'string' ? element('h2', {}, title) : title;
  heading.id = id;
  const isPlaced = content.some((child) => child instanceof Node && child.contains(heading));
  const dialog = element('dialog', { class: 'card', 'aria-labelledby': id }, isPlaced ? null : heading, ...content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks for a confirmation. Enter and Escape mean no.
 * @param {{title: string, text: string, submit: string, cancel: string, tone?: 'primary' | 'danger'}} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, submit, cancel, tone = 'primary' }) {
  return new Promise((resolve) => {
    const no = element('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, cancel);
    const yes = element('button', { type: 'button', class: tone, onclick: () => dialog.close('yes') }, submit);
    const words = element('p', { id: `dialog-text-${ids + 1}` }, text);
    const dialog = openDialog(title, words, element('div', { class: 'actions' }, no, yes));
    dialog.setAttribute('aria-describedby', words.id);
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
  });
}
