import { randomUUID } from 'node:crypto';
import type { Cell } from './cells/cells.js';
import type { ExecutionService } from './cells/execution.js';
import { messageOf } from './explained.js';
import { log } from './log.js';
import type { Channel, Content, Message } from './messages.js';
import type { KernelOptions } from './options.js';
import { isComplete } from './requests/completeness.js';
import { complete } from './requests/completion.js';
import { kernelInfo } from './requests/info.js';
import { inspect } from './requests/inspection.js';
import type { Runtime } from './runtime.js';
import type { IoPub } from './transport/iopub.js';
import type { Transport } from './transport/sockets.js';
import type { Wire } from './transport/wire.js';

/** Returns the content of the reply; nothing where the protocol has none. */
type Handler = (content: Content, request: Message) => Content | undefined | Promise<Content>;

/** What the dispatcher calls on. */
export interface Services {
  options: Pick<KernelOptions, 'name' | 'version'>;
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
    const { options, runtime } = services;
    const { engine, history, input, interrupt, end } = runtime;
    input.connect((cell, content) => this.ask(cell, content));
    this.handlers = {
      kernel_info_request: () => kernelInfo(options),
      is_complete_request: ({ code }) => isComplete(engine().syntax, String(code)),
      complete_request: ({ code, cursor_pos }) =>
        complete(engine().complete, String(code), Number(cursor_pos)),
      inspect_request: ({ code, cursor_pos }) =>
        inspect(engine().inspect, String(code), Number(cursor_pos)),
      comm_info_request: () => ({ status: 'ok', comms: {} }),
      comm_open: (content, request) => this.closeComm(content, request),
      history_request: (request) => history.reply(request),
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
    const { msg_type } = request.header;
    if (msg_type === 'execute_request') this.services.execution.add(request);
    else if (msg_type === 'input_reply') this.services.runtime.input.answer(request);
    else void this.answer(channel, request);
  }

  private async answer(channel: Channel, request: Message): Promise<void> {
    const { msg_type } = request.header;
    const handler = this.handlers[msg_type];
    if (!handler) return; // other comm messages, and what later versions of the protocol may bring
    const { iopub, onIdle, end, transport } = this.services;
    iopub.status('busy', request);
    const content = await answerOf(handler, request);
    if (content) this.send(channel, request, content);
    iopub.status('idle', request);
    if (msg_type !== 'shutdown_request') return onIdle();
    await transport.flushed();
    await end();
  }

  /** There is nothing here that a comm could be opened to: whoever opens one need not wait. */
  private closeComm({ comm_id }: Content, request: Message): undefined {
    this.services.iopub.publish('comm_close', { comm_id, data: {} }, request);
    return undefined;
  }

  /** Asks the client that sent the cell; returns the id of the question. */
  private ask({ request }: Cell, content: object): string {
    const { wire, transport, iopub } = this.services;
    const id = randomUUID();
    const { identities } = request;
    iopub.flush(); // what was written before the question is read before it
    transport.send(
      'stdin',
      wire.frames('input_request', content, { identities, parent: request, id }),
    );
    return id;
  }

  private send(channel: Channel, request: Message, content: Content): void {
    const { wire, transport } = this.services;
    const type = request.header.msg_type.replace(/_request$/, '_reply');
    const { identities } = request;
    transport.send(channel, wire.frames(type, content, { identities, parent: request }), true);
  }
}

async function answerOf(handler: Handler, request: Message): Promise<Content | undefined> {
  try {
    return await handler(request.content, request);
  } catch (error) {
    log('request failed', error);
    return { status: 'error', ename: 'Error', evalue: messageOf(error), traceback: [] };
  }
}
