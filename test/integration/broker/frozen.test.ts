import { expect, type TestContext, test } from 'vitest';
import { holderProcess, kafkasOn, supervisorOf } from '../../support/broker.ts';
import { kafkaLab, temporaryState } from '../../support/command.ts';

const LIMIT = { timeout: 120_000 };

/** A lab of its own whose Kafka runs. */
async function runningLab(onTestFinished: TestContext['onTestFinished']): Promise<string> {
  const state = temporaryState();
  onTestFinished(() => void state.end());
  await holderProcess(60_000, { KAFKA_LAB_STATE: state.path }).ready;
  return state.path;
}

test.concurrent(
  'a supervisor that is frozen: status says so, a command whom it waits for, stop ends it',
  LIMIT,
  async ({ onTestFinished }) => {
    const state = await runningLab(onTestFinished);
    const pid = supervisorOf(state)!;
    process.kill(pid, 'SIGSTOP');
    const [status, topic] = await Promise.all([
      kafkaLab(state, ['status']).ended,
      kafkaLab(state, ['topic']).ended,
    ]);
    expect(status.output).toContain(`looks after Kafka (${pid}) does not answer`);
    expect(topic.code).toBe(1);
    expect(topic.output).toContain(
      `Waiting for the process of the lab that looks after Kafka (${pid})`,
    );
    expect(topic.output).toMatch(/has not answered for 15 s[\s\S]*npx --no kafka-lab stop/);

    expect((await kafkaLab(state, ['stop']).ended).code).toBe(0);
    expect(kafkasOn(state)).toEqual([]);
  },
);

test.concurrent(
  'a Kafka that is frozen: a command says whom it waits for, and gives up',
  LIMIT,
  async ({ onTestFinished }) => {
    const state = await runningLab(onTestFinished);
    process.kill(kafkasOn(state)[0]!, 'SIGSTOP');
    const { code, output } = await kafkaLab(state, ['topic']).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/^Waiting for Kafka at 127\.0\.0\.1:\d+ to answer\.$/m);
    expect(output).toMatch(/has not answered for 15 s[\s\S]*npx --no kafka-lab stop/);

    expect((await kafkaLab(state, ['stop']).ended).code).toBe(0);
    expect(kafkasOn(state)).toEqual([]);
  },
);
