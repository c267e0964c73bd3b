/** LoadPolicies: the policy modules of a folder as one policy that changes when a module changes. */
import { pathToFileURL } from 'node:url';
import {
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  from,
  map,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
  switchMap,
  tap,
} from 'rxjs';
import { type Milliseconds, seconds } from '../../model/index.js';
import { allOf, type BrokenPolicy, type Policy, stay } from '../../policies/index.js';
import { type Listed, policyFiles } from './folder.js';
import { trial } from './trial.js';

/** How a folder of policies is read. */
export interface LoadOptions {
  /** Time from look to look; default 2 s. */
  readonly every?: Milliseconds;
  /** Longest time that a module may take to load and to plan for a few small clusters; default 5 s. */
  readonly deadline?: Milliseconds;
  /** What the modules are together, in the order of their names; default {@link allOf}. */
  readonly combine?: (...policies: readonly Policy[]) => Policy;
  readonly scheduler?: SchedulerLike;
}

/** A module that is in force, as it was when it was last fit. */
interface Loaded {
  readonly mark: string;
  readonly policy: Policy;
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

const broken = (source: string, message: string): BrokenPolicy => ({ kind: 'broken policy', source, message });

/** Loads a module that has passed its trial. A module is loaded anew only under another address, so its mark is part of it. */
const load = (file: Listed, url: string): Observable<Policy | BrokenPolicy> =>
  defer(() => from(import(url) as Promise<{ readonly default: Policy }>)).pipe(
    // Its trial has shown that the default export has a function plan; whether the rest is sound, the engine judges.
    map(({ default: policy }) => policy),
    catchError((thrown: unknown) => of(broken(file.path, messageOf(thrown)))),
  );

const read = (file: Listed, deadline: Milliseconds): Observable<Policy | BrokenPolicy> => {
  const url = `${pathToFileURL(file.path).href}?${new URLSearchParams({ version: file.mark }).toString()}`;
  return trial(url, deadline).pipe(
    mergeMap((result) => (result.kind === 'fit' ? load(file, url) : of(broken(file.path, result.message)))),
  );
};

const isBroken = (read: Policy | BrokenPolicy): read is BrokenPolicy => 'kind' in read;

/**
 * The policies of a folder as a stream for the engine: one policy, made of all modules of the folder in the order of their names, and made
 * anew whenever one is written, added or removed. Each module has a policy as its default export. A folder without modules moves nothing.
 *
 * A module is first tried in a thread of its own, on a few small clusters: one that cannot be loaded, throws, returns what is no plan, or
 * does not end within the deadline is told as a {@link BrokenPolicy}, and what it was before stays in force. So is a folder that cannot
 * be read. What a module imports itself is not looked at again when it changes; write the module anew as well. Each version that was
 * loaded stays in memory, as Node keeps modules for good.
 *
 * Cold; never completes and never fails; unsubscribing ends the looking. TypeScript modules are read where the runtime reads them.
 *
 * @example
 * engine({ driver, policy: loadPolicies('/etc/whither/policies'), every: seconds(10) });
 */
export const loadPolicies = (
  folder: string,
  { every = seconds(2), deadline = seconds(5), combine = allOf, scheduler = asyncScheduler }: LoadOptions = {},
): Observable<Policy | BrokenPolicy> =>
  defer(() => {
    const known = new Map<string, Loaded>();
    /** Marks that were tried and found broken: they are not tried again until they are written anew. */
    const refused = new Map<string, string>();
    let begun = false;

    const together = (): Policy => {
      const policies = [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { policy }]) => policy);
      return policies.length === 0 ? stay() : policies.length === 1 && policies[0] ? policies[0] : combine(...policies);
    };
    const take = (file: Listed): Observable<BrokenPolicy | 'changed'> =>
      read(file, deadline).pipe(
        concatMap((result) => {
          if (isBroken(result)) {
            refused.set(file.path, file.mark);
            return of(result);
          }
          known.set(file.path, { mark: file.mark, policy: result });
          refused.delete(file.path);
          return of('changed' as const);
        }),
      );

    return policyFiles(folder, every, scheduler).pipe(
      switchMap((files) => {
        if (!files.ok) return of(broken(folder, files.error));
        const there = new Set(files.value.map(({ path }) => path));
        const gone = [...known.keys()].filter((path) => !there.has(path));
        for (const path of gone) known.delete(path);
        const news = files.value.filter(
          ({ path, mark }) => known.get(path)?.mark !== mark && refused.get(path) !== mark,
        );
        let changed = gone.length > 0 || !begun;
        return concat(
          from(news).pipe(
            concatMap(take),
            mergeMap((told) => {
              if (told !== 'changed') return of(told);
              changed = true;
              return EMPTY;
            }),
          ),
          defer(() => (changed ? of(together()) : EMPTY)).pipe(
            tap(() => {
              begun = true;
            }),
          ),
        );
      }),
    );
  });
