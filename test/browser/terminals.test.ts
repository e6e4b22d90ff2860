import { afterEach, expect, test } from 'vitest';
import { kafkaLab, temporaryState } from '../support/command.ts';
import { hasChromium } from './chromium.ts';
import { JupyterPage } from './jupyter-page.ts';

const state = temporaryState();
afterEach(() => void state.end());

/** A machine with much to do takes its time. */
const PATIENT = { timeout: 60_000, interval: 1000 };

test.skipIf(!hasChromium)(
  'the guide of the terminal in two terminals of JupyterLab: they share a group',
  async () => {
    const jupyter = await JupyterPage.open('06-fan-out', { state: state.path, width: 1280 });
    const { page } = jupyter;
    const type = async (line: string) => {
      await page.keyboard.insertText(line);
      await page.keyboard.press('Enter');
    };
    const members = async () => {
      const { output } = await kafkaLab(state.path, ['groups', 'shipping', '--json']).ended;
      if (!output.startsWith('{')) return output;
      return JSON.parse(output).members.map((of: { member: string }) => of.member);
    };
    try {
      await jupyter.newTerminal();
      await type('npx --no kafka-lab topic orders --partitions 3');
      await type('npx --no kafka-lab consume orders --group shipping');
      await expect.poll(members, PATIENT).toEqual(['shipping-1']);
      await jupyter.newTerminal();
      await type('npx --no kafka-lab produce orders --count 9');
      await type('npx --no kafka-lab consume orders --group shipping');
      await expect.poll(members, PATIENT).toEqual(['shipping-1', 'shipping-2']);
      await jupyter.screenshot('terminal-shipping');
      await page.keyboard.press('Control+C');
      await expect.poll(members, PATIENT).toEqual(['shipping-1']);
    } finally {
      // For the commands of the terminals Kafka would stay a minute.
      await kafkaLab(state.path, ['stop']).ended;
      await jupyter.close();
    }
  },
);
