/** Moving: carries out, follows and ends moves of a XAPI pool by its tasks. */
import {
  catchError,
  concat,
  defer,
  EMPTY,
  exhaustMap,
  map,
  mergeMap,
  Observable,
  of,
  type SchedulerLike,
  Subscription,
  takeWhile,
  timer,
} from 'rxjs';
import * as z from 'zod';
import type { Migration, MigrationId, MigrationOrder, Milliseconds, Progress } from '../../../model/index.js';
import type { MigrationEvent } from '../../driver.js';
import { DriverError, refusal } from '../../driver-error.js';
import { failureOfXapi, type Xapi } from './connection.js';
import type { Pool } from './pool.js';
import { machineRecord, reference, type TaskRecord, taskRecord } from './records.js';

/** A move of the pool. */
export interface PoolMove {
  readonly machine: string;
  readonly destination: string;
  readonly task: string;
  readonly memory: number;
}

/** What moves of a pool need. */
export interface Ground {
  readonly xapi: Xapi;
  readonly scheduler: SchedulerLike;
  readonly poll: Milliseconds;
  readonly deadline: Milliseconds;
  readonly pool: () => Observable<Pool>;
  readonly moves: Map<MigrationId, PoolMove>;
}

/** The move of a name. @throws DriverError where there is none */
export const moveOf = ({ moves }: Ground, id: MigrationId): PoolMove => {
  const move = moves.get(id);
  if (!move) throw refusal('not found', `no migration is called "${id}"`);
  return move;
};

/** XAPI tells a share of the way and nothing in bytes; what was sent is taken to be that share of the memory. */
const progressOf = ({ scheduler }: Ground, { memory }: PoolMove, { progress }: TaskRecord): Progress => ({
  at: scheduler.now(),
  phase: progress > 0 ? 'copying' : 'preparing',
  sent: Math.floor(progress * memory),
});

/** Cancels the task of a move; that it is over already is no failure. */
export const cancel = ({ xapi }: Ground, { task }: PoolMove): Observable<never> =>
  xapi.ask(z.unknown(), 'task.cancel', task).pipe(
    mergeMap(() => EMPTY),
    catchError(() => EMPTY),
  );

/** Asks where the guest is: a task that failed may have moved it, and one that succeeded is not believed either. */
const conclude = (
  { xapi, scheduler }: Ground,
  { machine, destination }: PoolMove,
  failure: DriverError | undefined,
): Observable<MigrationEvent> =>
  xapi.ask(machineRecord, 'VM.get_record', machine).pipe(
    map(({ resident_on, power_state }): MigrationEvent => {
      if (resident_on === destination && power_state !== 'Halted') return { kind: 'done', at: scheduler.now() };
      throw (
        failure ?? refusal('protocol', `the task is over, and the guest is ${power_state}, but not at its destination`)
      );
    }),
  );

const isOver = ({ status }: TaskRecord): boolean => status !== 'pending' && status !== 'cancelling';

const failureIn = ({ status, error_info }: TaskRecord): DriverError | undefined =>
  status === 'success'
    ? undefined
    : status === 'cancelled'
      ? refusal('cancelled', 'XAPI: the task was cancelled')
      : failureOfXapi(error_info[0] ?? status, error_info.slice(1));

/** Watches a task to its end. A task that cannot be asked for once is asked for again; one that is gone is over. */
export const watch = (ground: Ground, move: PoolMove): Observable<MigrationEvent> =>
  defer(() => {
    let last: TaskRecord | undefined;
    let gone = false;
    const asked = timer(0, ground.poll, ground.scheduler).pipe(
      exhaustMap(() =>
        ground.xapi.ask(taskRecord, 'task.get_record', move.task).pipe(
          catchError((thrown: unknown) => {
            gone = DriverError.is(thrown) && thrown.kind === 'not found';
            return gone ? of(undefined) : EMPTY;
          }),
        ),
      ),
      takeWhile((record) => {
        last = record ?? last;
        return record !== undefined && !isOver(record);
      }),
      mergeMap((record): Observable<MigrationEvent> =>
        record ? of({ kind: 'progress', progress: progressOf(ground, move, record) }) : EMPTY,
      ),
    );
    return concat(
      asked,
      defer(() =>
        conclude(
          ground,
          move,
          last && !gone
            ? failureIn(last)
            : refusal('protocol', 'the task is gone, and nobody knows how it ended', true),
        ),
      ),
    );
  });

/** Carries out a move. Unsubscribing cancels its task; a task that is over is removed, for XAPI keeps it otherwise. */
export const carryOut = (ground: Ground, { id, guest, from, to }: MigrationOrder): Observable<MigrationEvent> =>
  ground.pool().pipe(
    mergeMap((pool) => {
      const own = pool.guests.get(guest);
      const destination = pool.hosts.get(to);
      if (!own) throw refusal('not found', `guest "${guest}" is not in the pool`);
      if (destination === undefined) throw refusal('not found', `no host is called "${to}"`);
      if (own.record.resident_on !== pool.hosts.get(from))
        throw refusal('not found', `guest "${guest}" does not run on "${from}"`);
      if (own.record.resident_on === destination) throw refusal('conflict', `guest "${guest}" is on "${to}" already`);
      if (Object.keys(own.record.current_operations).length > 0)
        throw refusal('conflict', `guest "${guest}" is in another operation`, true);
      const memory = own.record.memory_static_max;
      return ground.xapi.ask(z.unknown(), 'VM.assert_can_boot_here', own.reference, destination).pipe(
        mergeMap(() =>
          ground.xapi.ask(reference, 'Async.VM.pool_migrate', own.reference, destination, { live: 'true' }),
        ),
        map((task): PoolMove => ({ machine: own.reference, destination, task, memory })),
      );
    }),
    mergeMap(
      (move) =>
        new Observable<MigrationEvent>((subscriber) => {
          let over = false;
          let late = false;
          ground.moves.set(id, move);
          const all = new Subscription();
          const tidy = (): void => {
            ground.xapi.ask(z.unknown(), 'task.destroy', move.task).subscribe({ error: () => undefined });
          };
          all.add(
            watch(ground, move).subscribe({
              next: (event) => subscriber.next(event),
              error: (thrown: unknown) => {
                over = true;
                tidy();
                subscriber.error(
                  late ? refusal('timed out', `the move was not over after ${ground.deadline} ms`) : thrown,
                );
              },
              complete: () => {
                over = true;
                tidy();
                subscriber.complete();
              },
            }),
          );
          all.add(
            timer(ground.deadline, ground.scheduler).subscribe(() => {
              late = true;
              cancel(ground, move).subscribe();
            }),
          );
          return () => {
            all.unsubscribe();
            ground.moves.delete(id);
            if (!over) cancel(ground, move).subscribe();
          };
        }),
    ),
  );

const none = 'OpaqueRef:NULL';

/** Moves under way, by the operations that guests are in and the hosts that keep memory for them. */
export const inFlight = (ground: Ground): Observable<readonly Migration[]> =>
  ground.pool().pipe(
    map((pool) =>
      [...pool.guests].flatMap(([guest, { reference: machine, record }]): readonly Migration[] => {
        const task = Object.entries(record.current_operations).find(
          ([, operation]) => operation === 'pool_migrate',
        )?.[0];
        const destination = record.scheduled_to_be_resident_on ?? none;
        const nameOf = (host: string): string | undefined => [...pool.hosts].find(([, found]) => found === host)?.[0];
        const [from, to] = [nameOf(record.resident_on), nameOf(destination)];
        if (task === undefined || from === undefined || to === undefined) return [];
        const own = [...ground.moves].find(([, move]) => move.task === task)?.[0];
        const id = own ?? task;
        if (own === undefined) ground.moves.set(id, { machine, destination, task, memory: record.memory_static_max });
        return [{ id, guest, from, to, startedAt: ground.scheduler.now() }];
      }),
    ),
  );
