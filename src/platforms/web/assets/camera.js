import { element, iconButton } from './dom.js';
import { text } from './texts.js';

/** Takes a photo with the device's camera. Where there is none, or it may not be used, the device's own picker opens. */
export class Camera {
  #video = element('video', { playsinline: true, muted: true });
  #dialog;
  #onPhoto;
  #fallback;
  /** @type {MediaStream | undefined} */
  #stream;
  #facing = 'user';

  /** @param {{ onPhoto: (photo: File) => void }} options */
  constructor({ onPhoto }) {
    this.#onPhoto = onPhoto;
    this.#fallback = element('input', {
      type: 'file',
      accept: 'image/*',
      capture: 'user',
      hidden: true,
      'aria-hidden': true,
    });
    this.#fallback.addEventListener('change', () => {
      const [photo] = this.#fallback.files ?? [];
      this.#fallback.value = '';
      if (photo) onPhoto(photo);
    });
    const shutter = element('button', {
      type: 'button',
      class: 'shutter',
      'aria-label': text('take-photo'),
      onclick: () => void this.#take(),
    });
    const close = iconButton({ icon: 'close', label: text('close'), onclick: () => this.#dialog.close() });
    const flip = iconButton({ icon: 'flip', label: text('flip-camera'), onclick: () => void this.#flip() });
    const bar = element('div', { class: 'camera-bar' }, close, shutter, flip);
    this.#dialog = element('dialog', { class: 'camera', 'aria-label': text('camera') }, this.#video, bar);
    this.#dialog.addEventListener('close', () => this.#stop());
    document.body.append(this.#dialog, this.#fallback);
  }

  async open() {
    if (await this.#start()) this.#dialog.showModal();
    else this.#fallback.click();
  }

  /** @returns {Promise<boolean>} whether the camera runs */
  async #start() {
    this.#stop();
    try {
      const wanted = { facingMode: this.#facing, width: { ideal: 1920 }, height: { ideal: 1440 } };
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
    } catch {
      return false;
    }
    this.#video.srcObject = this.#stream;
    this.#video.classList.toggle('mirrored', this.#facing === 'user');
    await this.#video.play();
    return true;
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  async #flip() {
    this.#facing = this.#facing === 'user' ? 'environment' : 'user';
    if (!(await this.#start())) this.#dialog.close();
  }

  async #take() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = element('canvas', { width, height });
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0);
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95));
    this.#dialog.close();
    if (blob) this.#onPhoto(new File([blob], `${text('camera-photo')}.jpg`, { type: 'image/jpeg' }));
  }
}
