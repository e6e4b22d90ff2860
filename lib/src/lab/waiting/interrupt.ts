import type { Consumer } from 'kafkajs';
import { LabError } from '../../errors.js';
import { host } from '../../host.js';
import { onAbort } from '../../waiting.js';

/**
 * Has a consumer stop when the cell that called its `run` is interrupted while it still runs. A cell that fails for
 * another reason leaves its consumers alone: they are what somebody will want to look at.
 */
export function stopWhenInterrupted(consumer: Consumer, stop: () => Promise<void>): void {
  const { run, disconnect, stop: stopReading } = consumer;
  let forget = () => {};
  consumer.run = async (config) => {
    const signal = host().signal();
    // The cell was interrupted, but what it awaited came later and brought it here.
    if (isInterrupt(signal)) throw interrupted(signal.reason);
    forget();
    forget = onInterrupt(stop);
    await run(config);
  };
  consumer.stop = () => {
    forget();
    return stopReading();
  };
  consumer.disconnect = () => {
    forget();
    return disconnect();
  };
}

/** Calls `stop` if the cell that runs now is interrupted. Returns how to take that back. */
export function onInterrupt(stop: () => unknown): () => void {
  const signal = host().signal();
  return onAbort(signal, () => isInterrupt(signal) && void stop());
}

function isInterrupt({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof Error && reason.name === 'KeyboardInterrupt';
}

function interrupted(cause: unknown): LabError {
  return new LabError('INTERRUPTED', {
    what: 'The consumer was not started: its cell was interrupted.',
    fix: 'Run the cell again.',
    cause,
  });
}
