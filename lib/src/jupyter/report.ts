/** 'not-run': an earlier cell failed, so it was never sent. 'never-ran': sent or skipped, but not run. */
export type CellStatus = 'ok' | 'failed' | 'never-ran' | 'not-run';

export interface CellError {
  ename: string;
  evalue: string;
  traceback: string;
}

/** One code cell that has a source. */
export interface CellReport {
  /** Counted from 1. */
  number: number;
  id: string;
  status: CellStatus;
  seconds: number;
  error?: CellError;
}

export interface NotebookReport {
  name: string;
  cells: CellReport[];
  seconds: number;
  /** The number of the cell that runs now; 0 before the first. */
  current: number;
  /** Why the notebook as a whole could not be run. */
  failure?: string;
  /** How many times a cell wrote something after it had ended. */
  late?: number;
}

/** What lib/python/execute.py reports, a JSON object a line. */
export type NotebookEvent =
  | { event: 'started'; cells: (string | null)[] }
  | { event: 'cell'; number: number }
  | ({
      event: 'cell-done';
      number: number;
      status: CellStatus;
      seconds: number;
    } & Partial<CellError>)
  | { event: 'failed'; name: string; message: string }
  | { event: 'done'; seconds: number };

export function emptyReport(name: string): NotebookReport {
  return { name, cells: [], seconds: 0, current: 0 };
}

/** The report with one more event in it. */
export function advance(report: NotebookReport, event: NotebookEvent): NotebookReport {
  switch (event.event) {
    case 'started':
      return { ...report, cells: event.cells.map((id, i) => notRun(id, i + 1)) };
    case 'cell':
      return { ...report, current: event.number };
    case 'cell-done':
      return {
        ...report,
        cells: report.cells.map((c) => (c.number === event.number ? done(c, event) : c)),
      };
    case 'failed':
      return { ...report, failure: `${event.name}: ${event.message}` };
    case 'done':
      return { ...report, seconds: event.seconds };
  }
}

/** Only a notebook of which every cell ran, and none failed, has passed. */
export function passed({ failure, cells }: NotebookReport): boolean {
  return failure === undefined && cells.every((cell) => cell.status === 'ok');
}

/** The first cell that did not do what it should. */
export function firstBad(report: NotebookReport): CellReport | undefined {
  return report.cells.find((cell) => cell.status !== 'ok');
}

const notRun = (id: string | null, number: number): CellReport => ({
  number,
  id: id ?? `cell-${number}`,
  status: 'not-run',
  seconds: 0,
});

type CellDone = Extract<NotebookEvent, { event: 'cell-done' }>;

function done(
  cell: CellReport,
  { status, seconds, ename, evalue, traceback }: CellDone,
): CellReport {
  const report: CellReport = { ...cell, status, seconds };
  if (status === 'ok') return report;
  return {
    ...report,
    error: { ename: ename ?? 'Error', evalue: evalue ?? '', traceback: traceback ?? '' },
  };
}
