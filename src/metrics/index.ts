/** Metrics: from samples to signals and snapshots. */
export {
  bandwidth,
  bandwidthIn,
  type BandwidthOptions,
  type Benchmark,
  type BenchmarkFailure,
  diskSpeed,
  diskSpeedIn,
  type DiskSpeedOptions,
  localRunner,
  type Measured,
  memorySpeed,
  type MemorySpeedOptions,
  ownDiskSpeed,
  type OwnDiskSpeedOptions,
  type Ran,
  type Runner,
  type RunOptions,
} from './benchmarks/index.js';
export {
  busiestProcess,
  cpu,
  cpuPressure,
  cpuSystem,
  cpuUser,
  diskBusy,
  diskRead,
  diskTraffic,
  diskWritten,
  idle,
  ioPressure,
  iowait,
  loadFifteen,
  loadFive,
  loadOne,
  measure,
  memoryPressure,
  memoryUsed,
  networkReceived,
  networkSent,
  networkTraffic,
  runQueueWait,
  steal,
  swapping,
  swapUsed,
} from './measures.js';
export { type MergeOptions, mergeReadings } from './merge-readings.js';
export { type Observatory, observatory, type ObservatoryOptions } from './observatory.js';
export { playTraces, type PlayOptions } from './play-traces.js';
export type { RecordingEntry, RecordingHeader } from './recording/entry.js';
export { fileChunks, writtenTo } from './recording/file.js';
export { entryLine, headerLine, type LinePlace, parseEntry, parseHeader } from './recording/line.js';
export { readRecording, type ReadOptions, recordingEntries } from './recording/read.js';
export { recordedTime, type RecordedTime } from './recording/recorded-time.js';
export { replay, type Replay, type ReplayOptions } from './recording/replay.js';
export { writeRecording, type WriteOptions } from './recording/write.js';
export { foldSignal, signalValues } from './run-signal.js';
export type { AnySignal, Measure, Signal, ValueOf } from './signal.js';
export { average, type AverageOptions } from './signals/average.js';
export { forecast, type ForecastOptions, type Point } from './signals/forecast.js';
export { type Count, kOfN, type KOfN, type KOfNState } from './signals/k-of-n.js';
export { latest } from './signals/latest.js';
export { level } from './signals/level.js';
export { both, mapped } from './signals/mapped.js';
export { quantile, type QuantileOptions } from './signals/quantile.js';
export { smoothed, type SmoothedState, type Smoothing } from './signals/smoothed.js';
export { type Spell, type SpellState, sustained, type Sustaining } from './signals/sustained.js';
export { type Direction, trend, type TrendOptions, type TrendState } from './signals/trend.js';
export { variability, type VariabilityOptions } from './signals/variability.js';
export type { WindowState } from './signals/window.js';
export { snapshots, type SnapshotsOptions, type SnapshotTaken, type Tempo } from './snapshots.js';
export {
  type DomainCounters,
  domainRates,
  type NodeCpuTimes,
  type NodeMemory,
  nodeRates,
  parseDomstats,
  parseNodeCpuStats,
  parseNodeMemoryStats,
} from './sources/libvirt/index.js';
export {
  type CacheFacts,
  type ClockSource,
  type Counters,
  type CountersOptions,
  type CountersRead,
  cpuShares,
  type CpuTimes,
  type DiskCounters,
  type FactsFound,
  type FactsOptions,
  type FactsRead,
  type Files,
  type FileText,
  type InterfaceCounters,
  isWholeDisk,
  leadsOut,
  type LocalFacts,
  localFacts,
  localFiles,
  type LocalFilesOptions,
  localLinux,
  type LocalOptions,
  type LocalSubject,
  parseCpuinfo,
  type Parsed,
  parseDiskstats,
  parseLoadavg,
  parseMeminfo,
  parseNetDev,
  parsePressure,
  parseProcessStat,
  parseSchedstat,
  parseStat,
  parseUptime,
  parseVmstat,
  type ProcCpuinfo,
  type ProcDiskstats,
  type ProcessCounters,
  type ProcMeminfo,
  type ProcNetDev,
  type ProcSchedstat,
  type ProcStat,
  type ProcVmstat,
  type RateOptions,
  type Rates,
  rates,
  readCounters,
  readFacts,
  type StalledTime,
} from './sources/linux/index.js';
export {
  prometheus,
  prometheusHistory,
  type PrometheusOptions,
  type PrometheusPolling,
  prometheusQueries,
  type PrometheusServer,
  type QueryName,
  type QueryOptions,
  type SeriesLabels,
  type SeriesSubjects,
  type TimeSpan,
} from './sources/prometheus/index.js';
export { parseDirtyRate, parseVcpuThreads } from './sources/qmp/index.js';
export { parseSadf, sadf, type SadfOptions, sampleOfRecord } from './sources/sadf/index.js';
export {
  type DomainVcpus,
  parseVcpuList,
  parseXentop,
  type XenCounters,
  xenRates,
  type XentopDomain,
} from './sources/xentop/index.js';
export { type Interpolation, parseTraces, type Trace, traceAt, type TraceOptions, type TraceTable } from './trace.js';
export type { Watch, Watched } from './watch.js';
