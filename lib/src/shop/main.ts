import type { ServiceSettings } from '../lab/service/service-settings.js';
import { consume } from './consume.js';
import { consumeStatically } from './consume-statically.js';
import { work } from './working.js';

/** The process of a service. */
work<ServiceSettings>(async (settings) => {
  const { groupInstanceId } = settings;
  const consumer = groupInstanceId
    ? await consumeStatically(settings, groupInstanceId)
    : await consume(settings);
  return () => consumer.disconnect();
});
