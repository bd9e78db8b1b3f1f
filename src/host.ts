import type { Command, CommandServices } from '../commands/command.js';
import { LikenessError } from '../pipeline/errors.js';
import type { ChatHost, ChatPlatform, Invocation, Member, PlatformName, Reply } from './platforms/platform.js';
import { errorText, translator } from './texts.js';

export interface HostOptions {
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly services: CommandServices;
  /** Hears of every error that is not a sentence for the member. */
  readonly onError: (error: unknown, command: string) => void;
}

/** The host of all platforms, and a way to close its doors. */
export interface Host extends ChatHost {
  /** From now on every wish is refused with a sentence. */
  close(): void;
}

/** Acknowledges invocations, runs their commands, and turns what those throw into one sentence. */
export function createHost({ platforms, services, onError }: HostOptions): Host {
  let closed = false;

  const run = async (invocation: Invocation, reply: Reply): Promise<void> => {
    if (closed) throw new LikenessError('shutting-down');
    const t = translator(invocation.locale);
    await findCommand(services.commands, invocation.command).run({ invocation, reply, t, services });
  };
  const replyTo = ({ member, address }: Invocation): Reply => {
    const platform = platforms.get(member.platform);
    if (!platform) throw new Error(`no platform ${member.platform}`);
    return platform.reply(address);
  };
  return {
    async invoke(invocation) {
      const reply = replyTo(invocation);
      try {
        await reply.acknowledge();
        await run(invocation, reply);
      } catch (error) {
        if (!(error instanceof LikenessError)) onError(error, invocation.command);
        await reply
          .refuse(errorText(error, translator(invocation.locale)))
          .catch((failure: unknown) => onError(failure, invocation.command));
      }
    },
    cancel: (jobId: string, member: Member) =>
      services.jobs.cancel(jobId, member).catch((error: unknown) => {
        // A job that ended while Cancel was pressed has said so itself.
        if (!(error instanceof LikenessError)) onError(error, 'cancel');
      }),
    consent: (member: Member) => services.consents.give(member),
    close() {
      closed = true;
    },
  };
}

function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) throw new LikenessError('command-unknown', { given: name });
  return command;
}
