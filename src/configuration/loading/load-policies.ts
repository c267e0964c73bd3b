/** LoadPolicies: the policy modules of a folder as one policy that changes when a module changes. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
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
import { readPolicy } from '../policy-document.js';
import { type Listed, policyFiles } from './folder.js';
import { probes, trial } from './trial.js';

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

/** What is wrong with a policy that no thread has tried, found out here: one that never ends would not end here either. */
const faultOf = (policy: Policy | undefined): string | undefined => {
  if (typeof policy?.plan !== 'function') return 'its default export is no policy: it has no function plan';
  for (const probe of probes) policy.plan(probe);
  return undefined;
};

/** Loads a module. It is loaded anew only under another address, so its mark is part of that. */
const load = (path: string, url: string, tried: boolean): Observable<Policy | BrokenPolicy> =>
  defer(() => from(import(url) as Promise<{ readonly default: Policy }>)).pipe(
    map(({ default: policy }) => {
      const fault = tried ? undefined : faultOf(policy);
      // Whether the rest of it is sound, the engine judges.
      return fault === undefined ? policy : broken(path, fault);
    }),
    catchError((thrown: unknown) => of(broken(path, messageOf(thrown)))),
  );

const readDocument = (path: string): Observable<Policy | BrokenPolicy> =>
  defer(() => from(readFile(path, 'utf8'))).pipe(
    map((text) => readPolicy(JSON.parse(text), basename(path))),
    catchError((thrown: unknown) => of(broken(path, messageOf(thrown)))),
  );

const read = ({ path, mark }: Listed, deadline: Milliseconds): Observable<Policy | BrokenPolicy> => {
  if (path.endsWith('.json')) return readDocument(path);
  const url = `${pathToFileURL(path).href}?${new URLSearchParams({ version: mark }).toString()}`;
  return trial(url, deadline).pipe(
    mergeMap((result) =>
      result.kind === 'unfit' ? of(broken(path, result.message)) : load(path, url, result.kind === 'fit'),
    ),
  );
};

/**
 * The policy of one file, once: a module whose default export it is, or a JSON document. Judged as {@link loadPolicies} does. Never fails.
 *
 * @param deadline - longest time that a module may take to load and to plan for a few small clusters
 */
export const loadPolicy = (path: string, deadline: Milliseconds = seconds(5)): Observable<Policy | BrokenPolicy> =>
  read({ path: resolve(path), mark: 'once' }, deadline);

const isBroken = (read: Policy | BrokenPolicy): read is BrokenPolicy => 'kind' in read;

/**
 * The policies of a folder as a stream for the engine: one policy, made of all modules of the folder in the order of their names, and made
 * anew whenever one is written, added or removed. Each module has a policy as its default export; a JSON file is a policy
 * document. A folder without either moves nothing.
 *
 * A module is first tried in a thread of its own, on a few small clusters: one that cannot be loaded, throws, returns what is no plan, or
 * does not end within the deadline is told as a {@link BrokenPolicy}, and what it was before stays in force. So is a folder that cannot
 * be read. What a module imports itself is not looked at again when it changes; write the module anew as well. Each version that was
 * loaded stays in memory, as Node keeps modules for good.
 *
 * Cold; never completes and never fails; unsubscribing ends the looking. TypeScript modules are read where the runtime reads them; where only
 * a loader of the main thread does, they are tried there, and one that loops is not caught.
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
