/** Policies: whether, when and whither a guest should move. */
export { definePolicy, type Policy, type PolicyDefinition, type View } from './policy.js';
