const HEAD = 8;

/** Follows what a broker sends on one connection: each answer is its size, the number of its request, and the rest. */
export class Answers {
  private head: Buffer = Buffer.alloc(0);
  /** How much of the answer is still to come once its head is known, in bytes. */
  private left = 0;

  /** Where in the next chunk the answer to a request begins, by the request's number; -1 if it does not begin there. */
  find(chunk: Buffer, request: number | undefined): number {
    for (let at = 0; at < chunk.length; ) {
      const bytes = Math.min(this.left || HEAD - this.head.length, chunk.length - at);
      if (this.left > 0) this.left -= bytes;
      else if (this.isAnswerTo(request, chunk.subarray(at, at + bytes))) return at;
      at += bytes;
    }
    return -1;
  }

  private isAnswerTo(request: number | undefined, bytes: Buffer): boolean {
    this.head = Buffer.concat([this.head, bytes]);
    if (this.head.length < HEAD) return false;
    const [size, number] = [this.head.readInt32BE(0), this.head.readInt32BE(4)];
    this.head = Buffer.alloc(0);
    this.left = size - 4; // the number is counted in
    return number === request;
  }
}
