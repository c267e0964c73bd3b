/** FakePool: a server that answers as XAPI's public documentation says, with two hosts, a guest, and moves that take their time. */
import type { XapiConnection } from '../../../../src/drivers/index.js';

/** An error as XAPI gives it. */
export class XapiError extends Error {
  readonly code: string;
  readonly params: readonly string[];
  constructor(code: string, ...params: readonly string[]) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

export const uuids = {
  a: 'aaaaaaaa-0000-4000-8000-000000000001',
  b: 'bbbbbbbb-0000-4000-8000-000000000002',
  web: '11111111-0000-4000-8000-00005917e197',
} as const;

/** What a test can see and change. */
export interface FakePool {
  readonly connection: XapiConnection;
  readonly called: string[];
  /** Methods that fail, and how. */
  readonly failing: Map<string, Error>;
  resident: 'a' | 'b';
  /** How a running task ends. Default: the guest arrives. */
  ending: 'success' | 'failure';
  /** What `/rrd_updates` answers. */
  rrd: string;
}

const gibibyte = 1024 ** 3;

/** A pool by the clock of a test; a move takes so many milliseconds. */
export const fakePool = (now: () => number, length: number): FakePool => {
  const tasks = new Map<string, { readonly begun: number; readonly to: 'a' | 'b'; status: string }>();
  let numbers = 0;
  const current = (): [string, { to: 'a' | 'b' }] | undefined =>
    [...tasks].find(([, { status }]) => status === 'pending');
  /** Ends what is due. */
  const live = (): void => {
    for (const task of tasks.values())
      if (task.status === 'pending' && now() - task.begun >= length) {
        task.status = pool.ending;
        if (pool.ending === 'success') pool.resident = task.to;
      }
  };
  const host = (name: 'a' | 'b'): object => ({
    uuid: uuids[name],
    name_label: `host-${name}`,
    enabled: true,
    metrics: `metrics-${name}`,
    memory_overhead: '1000',
    cpu_info: { cpu_count: '8', speed: '2400.000', threads_per_core: '2', modelname: 'Some CPU' },
  });
  const machine = (): object => {
    const [task, move] = current() ?? [];
    return {
      uuid: uuids.web,
      name_label: 'web',
      power_state: 'Running',
      resident_on: `ref-${pool.resident}`,
      scheduled_to_be_resident_on: move ? `ref-${move.to}` : 'OpaqueRef:NULL',
      is_control_domain: false,
      is_a_template: false,
      is_a_snapshot: false,
      memory_static_max: String(2 * gibibyte),
      VCPUs_at_startup: '2',
      allowed_operations: ['pool_migrate', 'clean_shutdown'],
      current_operations: task === undefined ? {} : { [task]: 'pool_migrate' },
    };
  };
  const task = (reference: string) => {
    const found = tasks.get(reference);
    if (!found) throw new XapiError('HANDLE_INVALID', 'task', reference);
    return found;
  };
  const answer = (method: string, args: readonly unknown[]): unknown => {
    const first = String(args[0]);
    switch (method) {
      case 'host.get_all_records':
        return { 'ref-a': host('a'), 'ref-b': host('b') };
      case 'host_metrics.get_all_records':
        return Object.fromEntries(
          ['a', 'b'].map((name) => [
            `metrics-${name}`,
            { memory_total: String(16 * gibibyte), memory_free: String(10 * gibibyte), live: true },
          ]),
        );
      case 'VM.get_all_records':
        return { 'ref-web': machine(), 'ref-control': { ...machine(), uuid: 'x', is_control_domain: true } };
      case 'VM.get_record':
        return machine();
      case 'VM.assert_can_boot_here':
        return '';
      case 'Async.VM.pool_migrate': {
        const reference = `OpaqueRef:task-${numbers++}`;
        tasks.set(reference, { begun: now(), to: args[1] === 'ref-a' ? 'a' : 'b', status: 'pending' });
        return reference;
      }
      case 'task.get_record': {
        const { status, begun } = task(first);
        return {
          status,
          progress: Math.min(1, (now() - begun) / length),
          error_info: status === 'failure' ? ['HOST_NOT_ENOUGH_FREE_MEMORY', '2147483648', '1'] : [],
        };
      }
      case 'task.cancel':
        task(first).status = 'cancelled';
        return '';
      case 'task.destroy':
        tasks.delete(first);
        return '';
      default:
        throw new XapiError('MESSAGE_METHOD_UNKNOWN', method);
    }
  };
  const pool: FakePool = {
    called: [],
    failing: new Map(),
    resident: 'a',
    ending: 'success',
    rrd: '{"meta":{"legend":[]},"data":[]}',
    connection: {
      call: async (method, ...args) => {
        pool.called.push(method);
        live();
        const failing = pool.failing.get(method);
        if (failing) throw failing;
        return Promise.resolve(answer(method, args));
      },
      get: async () => Promise.resolve(pool.rrd.replaceAll('NOW', String(Math.floor(now() / 1000) + 1))),
    },
  };
  return pool;
};
