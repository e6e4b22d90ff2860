import { messageOf } from '../errors.js';
import type { ExecutionService } from './execution.js';
import { kernelInfo } from './info.js';
import { complete, inspect, isComplete } from './introspection.js';
import type { IoPub } from './iopub.js';
import { log } from './log.js';
import type { Channel, Content, Message } from './messages.js';
import type { Runtime } from './runtime.js';
import type { Transport } from './sockets.js';
import type { Wire } from './wire.js';

type Handler = (content: Content) => Content | Promise<Content>;

/** What the dispatcher calls on. */
export interface Services {
  wire: Wire;
  transport: Transport;
  iopub: IoPub;
  execution: ExecutionService;
  runtime: Runtime;
  /** Ends the process. */
  end: () => Promise<void>;
  /** Called after each answer. */
  onIdle: () => void;
}

/** Gives each request to whoever answers it. */
export class Kernel {
  private readonly handlers: Record<string, Handler>;

  constructor(private readonly services: Services) {
    const { engine, interrupt, end } = services.runtime;
    this.handlers = {
      kernel_info_request: kernelInfo,
      is_complete_request: ({ code }) => isComplete(String(code)),
      complete_request: ({ code, cursor_pos }) =>
        complete(engine(), String(code), Number(cursor_pos)),
      inspect_request: ({ code, cursor_pos }) =>
        inspect(engine(), String(code), Number(cursor_pos)),
      comm_info_request: () => ({ status: 'ok', comms: {} }),
      history_request: () => ({ status: 'ok', history: [] }),
      interrupt_request: () => {
        interrupt();
        return { status: 'ok' };
      },
      shutdown_request: async ({ restart }) => {
        await end();
        return { status: 'ok', restart: Boolean(restart) };
      },
    };
  }

  /** Takes the frames of one message; what is broken or not signed is refused. Never throws. */
  receive(channel: Channel, frames: Buffer[]): void {
    let request: Message;
    try {
      request = this.services.wire.parse(frames);
    } catch (error) {
      log(`message on ${channel} refused`, error);
      return;
    }
    if (request.header.msg_type === 'execute_request') this.services.execution.add(request);
    else void this.answer(channel, request);
  }

  private async answer(channel: Channel, request: Message): Promise<void> {
    const { msg_type } = request.header;
    const handler = this.handlers[msg_type];
    if (!handler) return; // comm messages and what later versions of the protocol may bring
    const { iopub, onIdle, end, transport } = this.services;
    iopub.status('busy', request);
    const content = await attempt(handler, request.content);
    this.send(channel, request, content);
    iopub.status('idle', request);
    if (msg_type !== 'shutdown_request') return onIdle();
    await transport.flushed();
    await end();
  }

  private send(channel: Channel, request: Message, content: Content): void {
    const { wire, transport } = this.services;
    const type = request.header.msg_type.replace(/_request$/, '_reply');
    const { identities } = request;
    transport.send(channel, wire.frames(type, content, { identities, parent: request }));
  }
}

async function attempt(handler: Handler, content: Content): Promise<Content> {
  try {
    return await handler(content);
  } catch (error) {
    log('request failed', error);
    return { status: 'error', ename: 'Error', evalue: messageOf(error), traceback: [] };
  }
}
