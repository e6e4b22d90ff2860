import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NotebookFile } from './choose.js';
import { notebookLog } from './environment.js';
import { type NotebookReport, passed } from './report.js';

/**
 * The recorded runs of a notebook in a folder: `05-scaling.jsonl`, and `05-scaling.2.jsonl` of a second lab that it opens. One
 * that failed has `05-scaling.failed.jsonl`: what happened until then.
 */
export class RecordedRuns {
  constructor(
    private readonly folder: string,
    private readonly notebook: NotebookFile,
  ) {}

  /** Takes away what an earlier run left. @returns what tells the kernel where to */
  begin(): NodeJS.ProcessEnv {
    mkdirSync(this.folder, { recursive: true });
    for (const file of this.files()) rmSync(join(this.folder, file));
    return { KAFKA_LAB_RECORD: join(this.folder, `${this.notebook.name}.jsonl`) };
  }

  /** Marks those of a notebook that failed; one that has none, though it opened a lab, has failed. */
  end(report: NotebookReport): NotebookReport {
    const files = this.files();
    const log = notebookLog(report.name);
    if (passed(report) && files.length === 0 && this.opensLab())
      return { ...report, failure: `its run was not saved. Its log is ${log}` };
    if (passed(report)) return report;
    for (const file of files) {
      const marked = file.replace(this.notebook.name, `${this.notebook.name}.failed`);
      renameSync(join(this.folder, file), join(this.folder, marked));
    }
    return report;
  }

  private files(): string[] {
    const { name } = this.notebook;
    const isOwn = (file: string) =>
      file.startsWith(`${name}.`) && /^(\.failed)?(\.\d+)?\.jsonl$/.test(file.slice(name.length));
    return readdirSync(this.folder).filter(isOwn);
  }

  private opensLab(): boolean {
    return /\bopenLab\(/.test(readFileSync(this.notebook.path, 'utf8'));
  }
}
