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
} from 'rxjs';
import { byName, type Milliseconds, seconds } from '../../model/index.js';
import { allOf, type BrokenPolicy, type Policy, stay } from '../../policies/index.js';
import { readPolicy } from '../policy-document/index.js';
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

/** A loader of TypeScript may hand a module over as CommonJS: its default export then stands one step further in. */
interface Imported {
  readonly default: Policy | { readonly default: Policy };
}

/** Loads a module that was found fit. It is loaded anew only under another address, so its mark is part of that. */
const load = (path: string, url: string): Observable<Policy | BrokenPolicy> =>
  defer(() => from(import(url) as Promise<Imported>)).pipe(
    map(({ default: given }) => ('plan' in given ? given : given.default)),
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
    mergeMap((result) => (result.kind === 'unfit' ? of(broken(path, result.message)) : load(path, url))),
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
 * A module is first tried in a thread of its own, on a few small clusters: one that cannot be loaded, throws, returns what is no plan, changes
 * the snapshot, or does not end within the deadline is told as a {@link BrokenPolicy}, and what it was before stays in force. So is one
 * whose policy has the name of another's, and a folder that cannot be read. What a module imports itself is not looked at again when it
 * changes; write the module anew as well. Each version that was loaded stays in memory, as Node keeps modules for good.
 *
 * Cold; never completes and never fails; unsubscribing ends the looking. TypeScript modules are read where the runtime reads them; where only
 * a loader of the main thread does (`node --import tsx`), they are tried in a process that is begun with the same loader.
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
    /** Those that were refused for a name that another one had; they are tried again when that one goes. */
    const namesakes = new Set<string>();
    /** Whether what is known was told. It outlives a look that is overtaken by the next one. */
    let told = false;

    const together = (): Policy => {
      const policies = [...known].sort(([a], [b]) => byName(a, b)).map(([, { policy }]) => policy);
      return policies.length === 0 ? stay() : policies.length === 1 && policies[0] ? policies[0] : combine(...policies);
    };
    const namesakeOf = ({ name }: Policy, path: string): string | undefined =>
      [...known].find(([other, { policy }]) => other !== path && policy.name === name)?.[0];
    const refuse = (file: Listed, why: BrokenPolicy): BrokenPolicy => {
      refused.set(file.path, file.mark);
      return why;
    };
    const take = (file: Listed): Observable<BrokenPolicy> =>
      read(file, deadline).pipe(
        concatMap((result) => {
          if (isBroken(result)) return of(refuse(file, result));
          const other = namesakeOf(result, file.path);
          if (other !== undefined) {
            namesakes.add(file.path);
            const message = `its policy is called "${result.name}", and so is that of ${basename(other)}`;
            return of(refuse(file, broken(file.path, message)));
          }
          known.set(file.path, { mark: file.mark, policy: result });
          refused.delete(file.path);
          told = false;
          return EMPTY;
        }),
      );
    const forget = (path: string): void => {
      told &&= !known.delete(path);
      refused.delete(path);
      for (const namesake of namesakes) refused.delete(namesake);
      namesakes.clear();
    };

    return policyFiles(folder, every, scheduler).pipe(
      switchMap((files) => {
        if (!files.ok) return of(broken(folder, files.error));
        const there = new Set(files.value.map(({ path }) => path));
        for (const path of [...known.keys(), ...refused.keys()]) if (!there.has(path)) forget(path);
        const news = files.value.filter(
          ({ path, mark }) => known.get(path)?.mark !== mark && refused.get(path) !== mark,
        );
        return concat(
          from(news).pipe(concatMap(take)),
          defer(() => {
            if (told) return EMPTY;
            told = true;
            return of(together());
          }),
        );
      }),
    );
  });
