import { element, setText } from './dom.js';
import { cancelJob, loadLine } from './server.js';
import { keepList, Shared } from './shared.js';
import { text } from './texts.js';

/** @typedef {import('../../../chat/host.js').LineView} LineView */
/** @typedef {import('../../../chat/host.js').OwnPlace} OwnPlace */
/** @typedef {import('../conversation.js').ConversationEvent} ConversationEvent */

/** The line as the one at this browser may see it: how many wait, and where their own requests stand. */
export class QueueView {
  #figures = {
    running: renderFigure('queue-running'),
    waiting: renderFigure('queue-waiting'),
    average: renderFigure('queue-average'),
  };
  #none = element('p', { class: 'note' }, text('queue-none'));
  #own = element('ul', { class: 'places' });
  #line;

  /** @param {{ view: HTMLElement }} options */
  constructor({ view }) {
    const { running, waiting, average } = this.#figures;
    const figures = element('dl', { class: 'figures' }, running, waiting, average);
    const column = element('div', { class: 'column' }, element('h2', {}, text('view-queue')), figures);
    column.append(element('h3', {}, text('queue-own')), this.#none, this.#own);
    view.append(column);
    this.#line = new Shared({ load: loadLine, show: (line) => this.#show(line), seen: () => !view.hidden });
  }

  refresh() {
    void this.#line.refresh();
  }

  /** @param {ConversationEvent} event */
  apply({ type }) {
    if (type === 'all' || type === 'changed') this.refresh();
  }

  /** @param {LineView} line */
  #show({ running, waiting, average, own }) {
    showFigure(this.#figures.running, String(running));
    showFigure(this.#figures.waiting, String(waiting));
    showFigure(this.#figures.average, average ?? text('queue-unmeasured'));
    this.#none.hidden = own.length > 0;
    keepList(this.#own, own, {
      keyOf: ({ jobId }) => jobId,
      make: renderPlace,
      update: showPlace,
    });
  }
}

/** @param {OwnPlace} place */
function renderPlace({ jobId }) {
  const cancel = element('button', { type: 'button', class: 'pill' }, text('cancel'));
  cancel.addEventListener('click', () => {
    cancel.disabled = true;
    void cancelJob(jobId).catch(() => (cancel.disabled = false));
  });
  return element('li', {}, element('p', {}), cancel);
}

/** @param {string} name of its text */
function renderFigure(name) {
  return element('div', {}, element('dt', {}, text(name)), element('dd', {}));
}

/**
 * @param {HTMLElement} figure
 * @param {string} value
 */
function showFigure(figure, value) {
  for (const shown of figure.querySelectorAll('dd')) setText(shown, value);
}

/**
 * @param {HTMLElement} item
 * @param {OwnPlace} place
 */
function showPlace(item, { text: words }) {
  for (const shown of item.querySelectorAll('p')) setText(shown, words);
}
