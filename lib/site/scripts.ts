/** Where this script comes from: the others lie beside it. */
const folder = (document.currentScript as HTMLScriptElement).src.replace(/[^/]*$/, '');
const loading = new Map<string, Promise<void>>();

/** Loads a script of the site, once; what could not be loaded is asked for again. A page from a disk may load nothing else. */
export function loaded(name: string): Promise<void> {
  const known = loading.get(name);
  if (known) return known;
  const script = document.createElement('script');
  const promise = new Promise<void>((resolve, reject) => {
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => {
      loading.delete(name);
      script.remove();
      reject(new Error(`${name} could not be loaded.`));
    });
  });
  loading.set(name, promise);
  script.src = folder + name;
  document.head.append(script);
  return promise;
}
