let done = false;

/** kafkajs 2.2.4 sets a timer to a negative time; Node 24 and later warn the user, who can do nothing about it. */
export function hideTimerWarning(): void {
  if (done) return;
  done = true;
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'TimeoutNegativeWarning') return;
    for (const listener of listeners) listener.call(process, warning);
  });
}
