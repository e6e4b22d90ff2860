import { host } from '../host.js';
import { byName } from '../ledger/index.js';
import { show } from './judge.js';
import type { Assignment, Prediction } from './predict.js';

export interface CompareOptions {
  /** How far off a number may be and still count as right, in its own unit. */
  within?: number;
  /** What it is, where a cell compares several: `the position`. */
  of?: string;
}

/** One line of the comparison. */
interface Line {
  what: string;
  predicted: string;
  happened: string;
  isRight: boolean;
  remark: string;
}

/** Sets a prediction beside what happened, and says kindly what was right. Never fails the cell. */
export function compare<T>(
  prediction: Prediction<T>,
  happened: T,
  options: CompareOptions = {},
): void {
  const lines = linesOf(prediction, happened, options);
  host().display({
    'text/markdown': markdown(prediction, lines),
    'text/plain': [headline(prediction, lines), ...lines.map(plainLine)].join('\n'),
  });
}

function linesOf<T>(
  { kind, value }: Prediction<T>,
  happened: T,
  { within = 0, of = '' }: CompareOptions,
): Line[] {
  if (kind === 'assignment')
    return byMember(value as Assignment | undefined, happened as Assignment);
  if (kind === 'number')
    return [{ ...aNumber(value as number | undefined, happened as number, within), what: of }];
  if (kind === 'order')
    return [{ ...anOrder((value as unknown[]) ?? [], happened as unknown[]), what: of }];
  return [line(of, value, happened, value === happened, '')];
}

function byMember(predicted: Assignment = {}, happened: Assignment): Line[] {
  const members = [...new Set([...Object.keys(happened), ...Object.keys(predicted)])].sort(byName);
  return members.map((member) => {
    const [guess, real] = [predicted[member] ?? [], happened[member] ?? []].map(sorted) as [
      number[],
      number[],
    ];
    const both = guess.filter((partition) => real.includes(partition));
    const isRight = guess.length === real.length && both.length === real.length;
    const remark = !isRight && both.length > 0 ? `${both.join(' and ')} right` : '';
    return line(member, member in predicted ? guess : undefined, real, isRight, remark);
  });
}

function aNumber(predicted: number | undefined, happened: number, within: number): Line {
  const off = predicted === undefined ? 0 : predicted - happened;
  const isRight = predicted !== undefined && Math.abs(off) <= within;
  const remark = `${rounded(Math.abs(off))} ${off > 0 ? 'less' : 'more'}`;
  return line('', predicted, rounded(happened), isRight, off === 0 ? '' : remark);
}

function anOrder(predicted: unknown[], happened: unknown[]): Line {
  const wrong = happened.findIndex((value, i) => value !== predicted[i]);
  const isRight = wrong < 0 && predicted.length === happened.length;
  const remark = wrong > 0 ? `the first ${wrong} right` : '';
  return line('', predicted.length ? predicted : undefined, happened, isRight, remark);
}

function line(
  what: string,
  predicted: unknown,
  happened: unknown,
  isRight: boolean,
  remark: string,
): Line {
  const guess = predicted === undefined ? 'nothing' : show(predicted);
  return { what, predicted: guess, happened: show(happened), isRight, remark };
}

function headline<T>({ value }: Prediction<T>, lines: Line[]): string {
  if (value === undefined)
    return 'You made no prediction, and that is fine. This is what happened:';
  const right = lines.filter(({ isRight }) => isRight).length;
  if (right === lines.length) return 'As you predicted:';
  return right === 0
    ? 'It went another way:'
    : `Partly as you predicted (${right} of ${lines.length}):`;
}

const mark = ({ isRight }: Line) => (isRight ? '✓' : '·');

function plainLine(of: Line): string {
  const name = of.what ? `${of.what}: ` : '';
  const guess = of.predicted === 'nothing' ? '' : `predicted ${of.predicted}, `;
  return `${guess ? mark(of) : ' '} ${name}${guess}happened ${of.happened}${of.remark ? ` (${of.remark})` : ''}`;
}

function markdown<T>(prediction: Prediction<T>, lines: Line[]): string {
  const rows = lines.map((of) => [
    escaped(of.what),
    ...(prediction.value === undefined ? [] : [escaped(of.predicted)]),
    escaped(of.happened),
    ...(prediction.value === undefined ? [] : [`${mark(of)} ${escaped(of.remark)}`]),
  ]);
  const head =
    prediction.value === undefined ? ['', 'happened'] : ['', 'you predicted', 'happened', ''];
  const table = [head, head.map(() => ':--'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return [`**${headline(prediction, lines)}**`, '', ...table].join('\n');
}

/** What stands in a record is data: no Markdown, no HTML. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~$&-]/g, (char) => `&#${char.charCodeAt(0)};`);
}

const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);
const rounded = (value: number) => Number(value.toPrecision(3));
