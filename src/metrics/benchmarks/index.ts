/** Start-up benchmarks: memory, disk and network, each measured once and the same everywhere (Muda, §6.2.2; M7). */
export { bandwidth, bandwidthIn, type BandwidthOptions } from './bandwidth.js';
export type { Benchmark, BenchmarkFailure, Measured } from './benchmark.js';
export { diskSpeed, diskSpeedIn, type DiskSpeedOptions } from './disk-speed.js';
export { memorySpeed, type MemorySpeedOptions } from './memory-speed.js';
export { ownDiskSpeed, type OwnDiskSpeedOptions } from './own-disk-speed.js';
export { localRunner, type Ran, type Runner, type RunOptions } from './runner.js';
