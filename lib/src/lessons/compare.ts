import { host, ON_STAGE } from '../host.js';
import { byName, currentLesson } from '../ledger/index.js';
import { list, partitionsNamed } from '../words.js';
import { show } from './judge.js';
import { tellNews } from './news.js';
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

/** Shows a prediction beside what happened, and says what was right. Never fails the cell. */
export function compare<T>(
  prediction: Prediction<T>,
  happened: T,
  options: CompareOptions = {},
): void {
  tellPrediction(prediction, options);
  showCompared(prediction, happened, options);
}

/** The same; a note below says more, in Markdown, by whether all of it was right. */
export function showCompared<T>(
  prediction: Prediction<T>,
  happened: T,
  options: CompareOptions,
  note: (isRight: boolean) => string = () => '',
): void {
  const lines = linesOf(prediction, happened, options);
  const said = headline(prediction, lines);
  const isPredicted = prediction.value !== undefined;
  const below = isPredicted ? note(lines.every(({ isRight }) => isRight)) : '';
  host().display(
    {
      'text/markdown': [`**${said}**`, table(lines, isPredicted), below].join('\n\n').trimEnd(),
      'text/plain': [said, ...lines.map(plainLine), ...(below ? [below] : [])].join('\n'),
    },
    { metadata: { [ON_STAGE]: { 'text/markdown': table(lines, false) } } },
  );
}

/** To the class, if the learner has agreed to that. */
function tellPrediction<T>({ value }: Prediction<T>, { of = '' }: CompareOptions): void {
  const lesson = currentLesson()?.lesson;
  if (lesson && value !== undefined)
    tellNews(lesson, { kind: 'prediction', of, said: show(value) });
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
  const members = Object.keys(happened).sort(byName);
  const all = sorted(Object.values(happened).flat());
  const strangers = Object.keys(predicted).filter((member) => !members.includes(member));
  const guess = (member: string) => {
    const partitions = predicted[member];
    return partitions && sorted(partitions);
  };
  return [
    ...members.map((member) => {
      const real = sorted(happened[member] ?? []);
      return line(member, guess(member), real, ...judged(predicted[member] ?? [], real, all));
    }),
    ...strangers.map((member) => {
      const remark = `there is no member ${member}: ${list(members)} ${members.length === 1 ? 'is alone' : 'are the members'}`;
      return line(member, guess(member), undefined, false, remark);
    }),
  ];
}

/** Whether a member's partitions were predicted, and what there is to say of them: which are right, which do not exist. */
function judged(predicted: number[], real: number[], all: number[]): [boolean, string] {
  const guess = sorted(predicted);
  const right = guess.filter((partition) => real.includes(partition));
  if (right.length === real.length && guess.length === real.length) return [true, ''];
  const unknown = guess.filter((partition) => !all.includes(partition));
  const rightOnes = `${partitionsNamed(right)} ${right.length === 1 ? 'is' : 'are'} right`;
  const unknownOnes = `nobody owns ${partitionsNamed(unknown)}: there ${all.length === 1 ? 'is' : 'are'} ${partitionsNamed(all)}`;
  return [
    false,
    [right.length > 0 && rightOnes, unknown.length > 0 && unknownOnes].filter(Boolean).join('; '),
  ];
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
  const never = [...new Set(predicted)].filter((value) => !happened.includes(value));
  const remarks = [
    wrong > 0 && (wrong === 1 ? 'the first is right' : `the first ${wrong} are right`),
    never.length > 0 && `${list(never.map(show))} did not come`,
  ];
  const guess = predicted.length > 0 ? predicted : undefined;
  return line('', guess, happened, isRight, remarks.filter(Boolean).join('; '));
}

function line(
  what: string,
  predicted: unknown,
  happened: unknown,
  isRight: boolean,
  remark: string,
): Line {
  const said = (value: unknown) => (value === undefined ? 'nothing' : show(value));
  return { what, predicted: said(predicted), happened: said(happened), isRight, remark };
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

function plainLine(line: Line): string {
  const name = line.what ? `${line.what}: ` : '';
  const guess = line.predicted === 'nothing' ? '' : `predicted ${line.predicted}, `;
  return `${guess ? mark(line) : ' '} ${name}${guess}happened ${line.happened}${line.remark ? ` (${line.remark})` : ''}`;
}

function table(lines: Line[], isPredicted: boolean): string {
  const rows = lines.map((row) => [
    escaped(row.what),
    ...(isPredicted ? [escaped(row.predicted)] : []),
    escaped(row.happened),
    ...(isPredicted ? [`${mark(row)} ${escaped(row.remark)}`] : []),
  ]);
  const head = isPredicted ? ['', 'you predicted', 'happened', ''] : ['', 'happened'];
  return [head, head.map(() => ':--'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** What stands in a record is data: no Markdown, no HTML. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~$&-]/g, (char) => `&#${char.charCodeAt(0)};`);
}

const sorted = (numbers: number[]) => [...new Set(numbers)].sort((a, b) => a - b);
const rounded = (value: number) => Number(value.toPrecision(3));
