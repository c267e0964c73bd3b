/** Law: what must hold of every plan of a policy, and how a breach of it is told. */
import type { Cluster } from '../model/index.js';
import type { Policy } from '../policies/index.js';

/** Looks for breaches in what a policy plans on a snapshot; each is told in a sentence. None: the law holds here. */
export type Law = (policy: Policy, cluster: Cluster) => readonly string[];
