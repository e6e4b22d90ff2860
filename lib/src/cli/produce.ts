import { type ProduceOptions, produce as send } from '../terminal/kafka/producer.js';
import { recordJson, recordLine } from '../terminal/kafka/record.js';
import { onKafka, type Session } from '../terminal/kafka/session.js';
import { painter } from '../terminal/ui/colour.js';
import { afterInterrupt, writeLine } from '../terminal/ui/output.js';
import { jsonLine } from '../terminal/ui/text.js';
import { count } from '../words.js';
import {
  type Command,
  parse,
  positive,
  theOnly,
  topicName,
  UsageError,
} from './arguments/command.js';

const help = `npx --no kafka-lab produce TOPIC [--rate R] [--count N] [--seed S] [--json]

Sends orders to a topic at a steady rate, and shows where Kafka put each.

  --rate R    how many a second, 0.1 to 500 (default: 5), as far as Kafka keeps up: each is sent once the one before is written
  --count N   ends after N; otherwise goes on until Ctrl-C
  --seed S    which orders: the same seed gives the same ones (default: 1)
  --json      for programs: one object a line, distinguished by "type": record, and produced at the end

The key of a record is the customer, so all orders of a customer go to one partition; its value is the order as JSON.

  kafka-lab produce orders --rate 5`;

export const produce: Command = { help, run };

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parse({
    args: argv,
    allowPositionals: true,
    options: {
      rate: { type: 'string', default: '5' },
      count: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  const options: ProduceOptions = {
    topic: topicName(theOnly('topic', positionals)),
    perSecond: rate(values.rate),
    count: values.count === undefined ? undefined : positive('count', values.count),
    seed: positive('seed', values.seed),
  };
  const holder = `produce ${options.topic}`;
  return onKafka({ holder, endsItself: true }, (session) => show(session, options, values.json));
}

function rate(value: string): number {
  const perSecond = /^\d{1,3}(\.\d+)?$/.test(value) ? Number(value) : NaN;
  if (perSecond >= 0.1 && perSecond <= 500) return perSecond;
  throw new UsageError(`--rate takes a number from 0.1 to 500, not '${value}'.`);
}

async function show(session: Session, options: ProduceOptions, json: boolean): Promise<number> {
  const paint = painter(process.stdout);
  const began = performance.now();
  const records = await send(session, options, (record) =>
    writeLine(json ? recordJson(record) : recordLine(record, paint)),
  );
  await afterInterrupt(session.ended);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (json) await writeLine(jsonLine({ type: 'produced', topic: options.topic, records }));
  else await writeLine(`Produced ${count(records, 'record')} to ${options.topic} in ${seconds} s.`);
  return session.exitCode(options.count === undefined);
}
