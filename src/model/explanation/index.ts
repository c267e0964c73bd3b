/** Explanation: plans and reasons for people. */
export {
  type Evidence,
  type Explanation,
  explanationOf,
  type LeftAlone,
  type MoveExplained,
  type Refusal,
} from './explanation.js';
export { explainPlanInHtml } from './html.js';
export { explainPlanInMarkdown } from './markdown.js';
export { sayReason, type Saying } from './say.js';
export { explainPlan } from './text.js';
export { sayWhyNot, type WhyNot, whyNot } from './why-not.js';
