export type { CommitFact, Fact, MemberFact, RecordFact, RecordKind } from './facts.js';
export { type LagPoint, lagOverTime, type Outage, outages } from './lag.js';
export { Ledger, type Scope } from './ledger.js';
export {
  assignment,
  type Gap,
  gaps,
  type Ownership,
  ownership,
  presentMembers,
} from './ownership.js';
export { type Drain, drain, type Place, placeName, type Tally, tally } from './tally.js';
