import type { Message } from '../shared/message.ts';
import type { HostMessage, PageRequest, PageRequestType, ReplyTo } from '../shared/protocol.ts';
import type { FormState } from '../shared/protocol.ts';

type RequestOf<T extends PageRequestType> = Extract<PageRequest, { type: T }>;

/** Thrown if the host rejects a request. `text` says why. */
export class HostError extends Error {
  readonly text: Message;

  constructor(text: Message) {
    super(text.key);
    this.name = 'HostError';
    this.text = text;
  }
}

/** Sends a request and resolves to the host's response. @throws {HostError} */
export type Ask = <T extends PageRequestType>(body: RequestOf<T>) => Promise<ReplyTo<T>>;

export interface Channel {
  readonly ask: Ask;
}

/** Connects the page to the host: every request gets a response, and the host pushes state. */
export function openChannel(
  post: (message: unknown) => void,
  onState: (state: Partial<FormState>) => void,
): Channel & { receive(message: HostMessage): void } {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let last = 0;
  return {
    ask: body =>
      new Promise((resolve, reject) => {
        const request = ++last;
        waiting.set(request, { resolve, reject });
        post({ request, body });
      }),
    receive(message) {
      if (message.type === 'state') {
        onState(message.state);
        return;
      }
      const asked = waiting.get(message.request);
      waiting.delete(message.request);
      if (message.type === 'reply') asked?.resolve(message.value as never);
      else asked?.reject(new HostError(message.message));
    },
  };
}
