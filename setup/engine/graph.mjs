/** @typedef {import('./step.mjs').Step} Step */

/**
 * @typedef {object} Watcher
 * @property {(step: Step) => void} [started]
 * @property {(step: Step, seconds: number) => void} [done]
 * @property {(step: Step, error: unknown) => void} [failed]
 */

/**
 * Runs each step that is not current as soon as those it comes after have succeeded; all others side by side.
 * What comes after a failed step is left out, the rest goes on.
 * @param {Step[]} steps
 * @param {(step: Step) => Promise<void>} run
 * @param {Watcher} [watcher]
 * @returns {Promise<{ failed: { step: Step, error: unknown }[], ran: Step[] }>}
 */
export async function runSteps(steps, run, watcher = {}) {
  const failed = /** @type {{ step: Step, error: unknown }[]} */ ([]);
  const ran = /** @type {Step[]} */ ([]);
  const outcomes = /** @type {Map<string, Promise<boolean>>} */ (new Map());

  /** @param {Step} step */
  const attempt = async (step) => {
    const before = await Promise.all(step.after.map((name) => outcomes.get(name)));
    if (!before.every(Boolean)) return false;
    const begun = performance.now();
    try {
      if (step.isCurrent()) return true;
      watcher.started?.(step);
      await run(step);
      ran.push(step);
      watcher.done?.(step, (performance.now() - begun) / 1000);
      return true;
    } catch (error) {
      failed.push({ step, error });
      watcher.failed?.(step, error);
      return false;
    }
  };

  for (const step of inOrder(steps)) outcomes.set(step.name, attempt(step));
  await Promise.all(outcomes.values());
  return { failed, ran };
}

/**
 * The steps, each behind those it comes after.
 * @param {Step[]} steps
 * @throws {Error} if one comes after an unknown step, or after itself
 */
export function inOrder(steps) {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const order = /** @type {Set<Step>} */ (new Set());
  /** @param {string} name @param {string[]} path */
  const visit = (name, path) => {
    const step = byName.get(name);
    if (!step)
      throw new Error(`Step '${path.at(-1)}' comes after '${name}', which does not exist.`);
    if (path.includes(name)) throw new Error(`Steps in a circle: ${[...path, name].join(', ')}`);
    for (const before of step.after) visit(before, [...path, name]);
    order.add(step);
  };
  for (const step of steps) visit(step.name, []);
  return [...order];
}
