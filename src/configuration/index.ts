/** Configuration: quantities, settings and inventories as people write them, read into the units and nouns of the model. */
export { ConfigurationError, type ConfigurationProblem } from './configuration-error.js';
export { type Expression, expressionBounds, readExpression } from './expression.js';
export { inventoryDocument, readInventory } from './inventory-document.js';
export { loadPolicies, loadPolicy, type LoadOptions } from './loading/index.js';
export { policyDocumentSchema, readPolicy } from './policy-document/index.js';
export { bytes, clock, duration, power, rate, share } from './quantities.js';
export { type QuantityFault, type QuantityName, type QuantityProblem, readQuantity } from './quantity.js';
export { quantity, type QuantitySchema, readDocument } from './schema.js';
