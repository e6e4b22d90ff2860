/** Makes the cache while the machine is idle, if there is none. */
export function buildCacheInBackground(signal: AbortSignal): void {
  void signal;
}
export async function buildAotCache(): Promise<boolean> {
  return false;
}
