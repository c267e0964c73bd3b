/** Harness: scripts of tests in random order, each run over a simulated cluster into a record that can be repeated. */
export type { Benchmark, BenchmarkInput } from './benchmark.js';
export { afterRun, type DrawRule, firstRoster, type Roster, type Turn } from './draw.js';
export type { EngineSetUp, Laboratory, LaboratoryInput, NamedPolicy, PolicyMakers } from './laboratory.js';
export { type Overhead, overhead, type Responses, responses, throughput, throughputByGuest } from './measures.js';
export {
  type DrawRecord,
  type GuestShare,
  type HostShares,
  type MigrationRecord,
  type ProcessorRecord,
  readRecord,
  recordText,
  type RunRecord,
  type Shares,
  type TestRecord,
} from './record.js';
export { runTest } from './run-test.js';
export { type Entry, type EntryInput, type Script, type ScriptInput, testsOf } from './script.js';
export type { Conditions, Test, TestInput } from './test.js';
