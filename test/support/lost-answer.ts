import net from 'node:net';
import type { ISocketFactory } from 'kafkajs';

const PRODUCE = 0;

/** Sockets of kafkajs's that lose the broker's answer to the next Produce once `armed`: the request arrives, then the connection breaks. */
export class LosingAnswers {
  armed = false;
  lost = 0;

  readonly socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = net.connect({ host, port }, onConnect);
    let isDoomed = false;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    const emit = socket.emit.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (data: unknown, ...rest: unknown[]) => {
      const isProduce = Buffer.isBuffer(data) && data.length > 6 && data.readInt16BE(4) === PRODUCE;
      if (this.armed && isProduce) {
        this.armed = false;
        isDoomed = true;
      }
      return write(data, ...rest);
    };
    socket.emit = (event: string | symbol, ...args: unknown[]) => {
      if (event !== 'data' || !isDoomed) return emit(event, ...args);
      isDoomed = false;
      this.lost++;
      socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      return true;
    };
    return socket;
  };
}
