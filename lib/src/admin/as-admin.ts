import type { Admin } from 'kafkajs';

/** Connects an admin client for one job, and disconnects it however that ends. */
export async function asAdmin<T>(admin: Admin, job: (admin: Admin) => Promise<T>): Promise<T> {
  try {
    await admin.connect();
    return await job(admin);
  } finally {
    await admin.disconnect();
  }
}
