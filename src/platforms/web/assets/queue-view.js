import { element, setText } from './dom.js';
import { cancelJob, loadQueue } from './server.js';
import { keepList, Shared } from './shared.js';
import { text } from './texts.js';

/** @typedef {import('../../../chat/host.js').QueueView} QueueView */
/** @typedef {import('../../../chat/host.js').OwnJob} OwnJob */
/** @typedef {import('../conversation.js').ConversationEvent} ConversationEvent */

/** The queue as the one at this browser may see it: how many wait, and where their own requests stand. */
export class QueuePanel {
  #figures = {
    running: renderFigure('queue-running'),
    waiting: renderFigure('queue-waiting'),
    average: renderFigure('queue-average'),
  };
  #none = element('p', { class: 'note' }, text('queue-none'));
  #own = element('ul', { class: 'places' });
  #queue;

  /** @param {{ view: HTMLElement }} options */
  constructor({ view }) {
    const { running, waiting, average } = this.#figures;
    const figures = element('dl', { class: 'figures' }, running, waiting, average);
    const column = element('div', { class: 'column' }, element('h2', {}, text('view-queue')), figures);
    column.append(element('h3', {}, text('queue-own')), this.#none, this.#own);
    view.append(column);
    this.#queue = new Shared({ load: loadQueue, show: (queue) => this.#show(queue), seen: () => !view.hidden });
  }

  refresh() {
    void this.#queue.refresh();
  }

  /** @param {ConversationEvent} event */
  apply({ type }) {
    if (type === 'all' || type === 'changed') this.refresh();
  }

  /** @param {QueueView} queue */
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

/** @param {OwnJob} place */
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
 * @param {OwnJob} place
 */
function showPlace(item, { text: words }) {
  for (const shown of item.querySelectorAll('p')) setText(shown, words);
}
