import { describe, expect, test } from 'vitest';
import { Wire } from '../src/transport/wire.ts';

const content = { code: '1 + 1' };
const options = { identities: [Buffer.from('peer')], parent: undefined };
const buffers = (frames: (Buffer | string)[]) => frames.map((frame) => Buffer.from(frame));
const signed = (wire: Wire) => buffers(wire.frames('execute_request', content, options));

describe('the wire', () => {
  const wire = new Wire('secret');

  test('reads back what it wrote', () => {
    const message = wire.parse(signed(wire));
    expect(message.header.msg_type).toBe('execute_request');
    expect(message.content).toEqual(content);
    expect(message.identities.map(String)).toEqual(['peer']);
  });

  test('names the request that a message belongs to', () => {
    const request = wire.parse(signed(wire));
    const frames = wire.frames('execute_reply', {}, { identities: [], parent: request });
    expect(JSON.parse(String(frames[3])).msg_id).toBe(request.header.msg_id);
  });

  test.each([
    ['another key', () => signed(new Wire('guess')), 'bad signature'],
    ['no key', () => signed(new Wire('')), 'bad signature'],
    [
      'changed content',
      () => [...signed(wire).slice(0, -1), Buffer.from('{"code":"2"}')],
      'bad signature',
    ],
    ['no delimiter', () => signed(wire).slice(2), 'no delimiter'],
    ['missing frames', () => signed(wire).slice(0, 4), 'frames missing'],
    ['no frames', () => [], 'no delimiter'],
  ])('refuses a message with %s', (_, frames, reason) => {
    expect(() => wire.parse(frames())).toThrow(reason);
  });

  test('takes a message once: whoever listened cannot have it obeyed again', () => {
    const frames = signed(wire);
    wire.parse(frames);
    expect(() => wire.parse(frames)).toThrow('sent before');
    wire.parse(signed(wire));
  });

  test('refuses content that is no JSON, or no object, though signed', () => {
    const unsigned = new Wire('');
    const frames = signed(unsigned);
    expect(() => unsigned.parse([...frames.slice(0, -1), Buffer.from('{')])).toThrow();
    expect(() => unsigned.parse([...frames.slice(0, -1), Buffer.from('1')])).toThrow(
      'not an object',
    );
  });

  test('does not start with a signature scheme that it does not know', () => {
    expect(() => new Wire('secret', 'hmac-none')).toThrow();
  });
});
