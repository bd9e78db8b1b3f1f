import type { CallbackQuery, Message } from 'telegraf/types';
import type { CommandDefinition } from '../../chat/command-definition.js';
import type { ChatHost } from '../../chat/host.js';
import type { Member } from '../../chat/member.js';
import type { Presets } from '../../chat/presets.js';
import type { Translate } from '../../language/texts.js';
import type { AlbumMemory } from '../album-memory.js';
import type { Button, Buttons } from '../buttons.js';
import type { TelegramAddress } from './address.js';
import type { CarefulTelegram } from './client.js';
import type { CommandRequest } from './command-request.js';
import type { Joining } from './joining.js';
import type { Keyboards } from './keyboards.js';
import type { Ledger } from './ledger.js';
import type { Pace } from './pace.js';
import type { MessageContext } from './parse-messages.js';
import type { PictureBook } from './picture-book.js';
import type { Remembered } from './remembered.js';
import type { Sender } from './sender.js';

/** What a press is acted on with. */
export interface PressParts {
  readonly host: ChatHost;
  readonly telegram: CarefulTelegram;
  readonly buttons: Buttons;
  readonly keyboards: Keyboards;
  readonly sender: Sender;
  readonly ledger: Ledger;
  readonly pace: Pace;
  readonly presets: Presets;
  readonly albums: AlbumMemory;
  readonly book: PictureBook;
  readonly albumCommand: CommandDefinition;
  readonly context: MessageContext;
  readonly textsFor: (member: Member, tag: string) => Promise<Translate>;
  readonly joining: Joining;
  /** Hands a request to the host. */
  readonly invoke: (request: CommandRequest) => Promise<void>;
  /** Among others the request that waits for consent at a message. */
  readonly remembered: Pick<Remembered, 'requestAt' | 'takeRequest'>;
}

/** A press on a button of ours. */
export interface Press {
  readonly query: CallbackQuery;
  /** The presser's texts. */
  readonly t: Translate;
  readonly button: Button;
  readonly member: Member;
  /** The message the button is under. */
  readonly message: Message & { readonly reply_to_message?: Message };
  readonly address: TelegramAddress;
}
