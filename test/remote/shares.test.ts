import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { noCertificates } from '../support/certificates.ts';
import { kafkaLab } from '../support/command.ts';
import { groupConfigs, membersOf, shareGroups } from '../support/kafka-tools.ts';
import { ownState } from '../support/lab.ts';
import { type Classroom, openClassroom } from './classroom.ts';

const TOPIC = 'jobs.05-scaling.k3f';
const GROUP = 'workers.05-scaling.k3f';
const reason = noCertificates();

describe.skipIf(reason)(`a share group on a shared Kafka${reason ? `: ${reason}` : ''}`, () => {
  const folder = ownState();
  let classroom: Classroom;

  beforeAll(async () => {
    classroom = await openClassroom(folder, ['ann', 'bob']);
  });
  afterAll(() => classroom?.kafka.stop());

  const outcome = (user: string, line: string) =>
    kafkaLab(folder, line.split(' '), classroom.environment(user)).ended;

  /** A learner's command that ends well. @returns what it prints */
  async function says(user: string, line: string): Promise<string> {
    const { code, output } = await outcome(user, line);
    expect(code, output).toBe(0);
    return output;
  }

  test('with rights to names of one’s own it is read, shown and reset; those of others are not touched', async () => {
    for (const user of ['ann', 'bob']) {
      await says(user, `topic ${user}.${TOPIC} --partitions 1`);
      await says(user, `produce ${user}.${TOPIC} --count 3`);
      const sharing = `consume ${user}.${TOPIC} --share ${user}.${GROUP} --count 3`;
      expect(await says(user, sharing)).toContain('after 3 records.');
      await says(user, `consume ${user}.${TOPIC} --group ${user}.other --count 1`);
    }
    const groups = await says('ann', 'groups');
    expect(groups).toContain(`ann.${GROUP}: share group, Empty, 0 members, lag 0\n`);
    expect(groups).toContain('ann.other: Empty, 0 members, lag 2\n');
    expect(groups).not.toContain('bob');
    expect(await says('bob', 'groups')).not.toContain('ann');
    // Whoever may describe the cluster hears the names of all groups, and nothing else of those of others.
    await classroom.showNames('ann');
    expect(await says('ann', 'groups')).toBe(groups);
    expect(await says('ann', 'groups bob.other')).toContain('Empty, members not known');
    const unknown = await outcome('ann', 'groups nobody');
    expect(unknown.output).toContain(`This Kafka has ann.other, ann.${GROUP}.`);
    const refused = await outcome('bob', `consume bob.${TOPIC} --share ann.${GROUP}`);
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('GROUP_AUTHO')]);

    const brokers = [classroom.kafka.plaintext];
    // While others read, in groups of which Kafka says nothing to ann.
    const busy = ['--share bob.busy', '--group bob.other'].map((group) =>
      kafkaLab(folder, `consume bob.${TOPIC} ${group}`.split(' '), classroom.environment('bob')),
    );
    onTestFinished(() => busy.forEach((one) => void one.kill('SIGKILL')));
    await Promise.all(busy.map((one) => one.says(/ (reads|owns) partition 0\n/)));
    const reset = await says('ann', 'reset topics groups --yes');
    expect(reset).not.toContain('bob');
    expect(reset.match(/^delete .*/gm)).toEqual([
      ...[`delete  topic ann.${TOPIC}`, `delete  group ann.${GROUP}`],
    ]);
    expect(reset).toMatch(/Deleted 1 topic and 1 group\.\n$/);
    expect(await shareGroups(brokers)).toEqual(['bob.busy', `bob.${GROUP}`]);
    expect(await groupConfigs(brokers, `ann.${GROUP}`)).toEqual({});
    expect(await groupConfigs(brokers, `bob.${GROUP}`)).not.toEqual({});
    const bobs = await says('instructor', 'reset --prefix bob --yes');
    expect(bobs).toContain(`leave   topic bob.${TOPIC}: group bob.`);
    expect(bobs).toMatch(/Deleted 0 topics and 1 group\.\n$/);
    expect(await shareGroups(brokers)).toEqual(['bob.busy']);
    expect((await membersOf(brokers, 'bob.busy', 'share')).length).toBe(1);
  });
});
