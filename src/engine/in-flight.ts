/** In flight: asks a driver which moves it has under way, once, and believes nothing that is not a list of moves. */
import { defer, map, type Observable, take, throwIfEmpty } from 'rxjs';
import * as z from 'zod';
import { type Driver, DriverError } from '../drivers/index.js';
import { type Migration, pathText } from '../model/index.js';
import { migrationSchema } from './checks.js';

const listSchema = /* @__PURE__ */ z.array(migrationSchema);

const breach = (message: string): DriverError => new DriverError({ kind: 'protocol', retryable: true, message });

/** The moves that a driver has under way. Errors with a DriverError where it does not say, or says something else. */
export const inFlight = (driver: Driver): Observable<readonly Migration[]> =>
  defer(() => driver.inFlight()).pipe(
    take(1),
    throwIfEmpty(() => breach('the driver did not say which moves it has under way')),
    map((list) => {
      const checked = listSchema.safeParse(list);
      if (checked.success) return checked.data;
      const issue = checked.error.issues[0];
      throw breach(`in flight${pathText(['', ...(issue?.path ?? [])])}: ${issue?.message ?? 'is not a list of moves'}`);
    }),
  );
