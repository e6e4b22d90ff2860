import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { readJson, writeWhole } from '../../processes/files.js';
import { thisProcess } from '../../processes/processes.js';
import { type Address, files, onMessage, type Request, type Wish } from './protocol.js';

/** What one who has been let in may still say. */
export type Conversation = (message: Wish) => void;
type Answer = (socket: Socket, request: Request) => Conversation | undefined;

/** Where clients knock: a port on 127.0.0.1, and a file that only this user can read with the token to be let in. */
export class Door {
  readonly #token = randomBytes(32).toString('hex');
  readonly #server: Server;

  constructor(answer: Answer) {
    this.#server = createServer((socket) => this.#greet(socket, answer));
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    const { port } = this.#server.address() as AddressInfo;
    const address: Address = { ...thisProcess(), port, token: this.#token };
    writeWhole(files.address(), JSON.stringify(address));
  }

  /** Whether clients still find this door by its file. */
  isFound(): boolean {
    return readJson<Address>(files.address())?.token === this.#token;
  }

  close(): void {
    if (this.isFound()) rmSync(files.address(), { force: true });
    this.#server.close();
  }

  #greet(socket: Socket, answer: Answer): void {
    const stranger = setTimeout(() => socket.destroy(), 5000);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearTimeout(stranger));
    let conversation: Conversation | undefined;
    let known = false;
    onMessage<Request | Wish>(socket, (message) => {
      if (known) return conversation?.(message as Wish);
      const request = message as Request;
      if (!this.#isToken(request.token)) return void socket.destroy();
      clearTimeout(stranger);
      known = true;
      conversation = answer(socket, request);
    });
  }

  #isToken(given: unknown): boolean {
    const [a, b] = [Buffer.from(String(given)), Buffer.from(this.#token)];
    return a.length === b.length && timingSafeEqual(a, b);
  }
}
