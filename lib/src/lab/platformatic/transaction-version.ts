/** The versions of a request that the brokers understand. */
interface Api {
  name: string;
  minVersion: number;
  maxVersion: number;
}
type Listing = (callback: (error: unknown, apis?: Api[]) => void) => void;

const LISTING = 'plt.kafka.base.listApis';
const REQUEST = 'AddPartitionsToTxn';
/** The newest version that is for clients. */
const NEWEST = 3;

/**
 * Makes a producer add partitions to a transaction as clients do. @platformatic/kafka 1.35.0 takes the newest version of that
 * request, which is for brokers: where rights are checked, Kafka refuses it to whoever has none to the whole cluster.
 */
export function askAsClient(producer: object): void {
  const symbol = symbolsOf(producer).find(({ description }) => description === LISTING);
  if (!symbol) return;
  const client = producer as Record<symbol, Listing>;
  const list = client[symbol]?.bind(producer);
  const asClient = (api: Api) =>
    api.name === REQUEST ? { ...api, maxVersion: Math.min(api.maxVersion, NEWEST) } : api;
  client[symbol] = (callback) => list?.((error, apis) => callback(error, apis?.map(asClient)));
}

/** Of an object and all that it inherits from. */
function symbolsOf(object: object): symbol[] {
  const parent: object | null = Object.getPrototypeOf(object);
  return [...Object.getOwnPropertySymbols(object), ...(parent ? symbolsOf(parent) : [])];
}
