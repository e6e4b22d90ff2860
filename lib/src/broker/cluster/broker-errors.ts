import { LabError } from '../../errors.js';
import { errorLines, readLog } from '../../log.js';
import type { Exit } from '../../processes/guarded.js';
import { causeOfEnd } from '../embedded/cause.js';
import type { PortTaken } from '../embedded/spawn-node.js';
import type { Place } from './layout.js';

/** A broker did not do what was waited for within `limit` ms. */
export function tooLate(broker: number, what: string, limit: number): LabError {
  return new LabError('TIMED_OUT', {
    what: `Broker ${broker}: waited ${limit / 1000} s for ${what}.`,
    fix: 'If this machine is very busy, try again when it is less so.',
  });
}

/** In the state in which a broker is, it cannot be done; the other call comes first. */
export function refused(broker: number, done: string, state: string, first: string): LabError {
  return new LabError('BAD_INPUT', {
    what: `Broker ${broker} cannot be ${done} now.`,
    why: `It ${state}.`,
    fix: `First: await lab.broker(${broker}).${first}()`,
  });
}

export function portTaken(broker: number, cause: PortTaken): LabError {
  return new LabError('BROKER_FAILED', {
    what: `Broker ${broker} could not come back: another program has taken its port.`,
    why: cause.message,
    fix: 'Run the notebook again from the top: a new cluster takes other ports.',
    cause,
  });
}

/** A broker whose end nobody has asked for: the others go on. */
export function endedUnasked({ nodeId, logFile, dir }: Place, exit: Exit): LabError {
  return new LabError('BROKER_LOST', {
    what: `Broker ${nodeId} ${howEnded(exit)}, and the notebook had not asked for that.`,
    why: whyEnded(exit, logFile, dir),
    fix: `The other brokers go on. To bring it back: await lab.broker(${nodeId}).start()`,
  });
}

/** Without its controller a cluster elects no leader any more: it is over. */
export function controllerEnded({ logFile, dir }: Place, exit: Exit): LabError {
  return new LabError('BROKER_LOST', {
    what: `The cluster is gone: its controller ${howEnded(exit)}.`,
    why: whyEnded(exit, logFile, dir),
    fix: 'Run the notebook again from the top: a new cluster is started.',
  });
}

function howEnded({ code, signal }: Exit): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}

function whyEnded({ code }: Exit, logFile: string, dir: string): string {
  const log = code ? readLog(logFile) : '';
  const errors = errorLines(log, 1);
  const end = `Its log is ${logFile}.${errors ? ` It ends with: ${errors}` : ''}`;
  const cause = causeOfEnd(log, dir);
  return cause ? `${cause.why} ${end}` : end;
}
