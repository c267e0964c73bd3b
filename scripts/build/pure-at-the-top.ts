/**
 * Pure at the top: marks whatever a module works out while it is loaded as pure, so that a bundler may drop what nobody uses.
 * It is true by a rule of the house: nothing happens at import. By hand every call within a schema would need its own mark,
 * and a spread or a regular expression could have none.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import ts from 'typescript';

/** Whether a value is worked out by more than reading literals: a call, `new`, or a spread, outside of any function's body. */
const works = (node: ts.Node): boolean => {
  if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return false;
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isSpreadAssignment(node) || ts.isSpreadElement(node))
    return true;
  return ts.forEachChild(node, (child) => works(child) || undefined) ?? false;
};

/** The code with every initialiser at the top level that does some work turned into a function, called once and marked as pure. */
export const markedPure = (name: string, code: string): string => {
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.ES2022, true);
  return file.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ initializer }) => (initializer && works(initializer) ? [initializer] : []))
    .reduceRight((text, initializer) => {
      const [from, to] = [initializer.getStart(file), initializer.getEnd()];
      return `${text.slice(0, from)}/* @__PURE__ */ (() => (${text.slice(from, to)}))()${text.slice(to)}`;
    }, code);
};

/** The same as a step of the build, for our own sources. */
export const pureAtTheTop: Plugin = {
  name: 'pure at the top',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: markedPure(path, await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};
