/** The QMP source: what QEMU itself tells of its guests. */
export { parseDirtyRate, parseVcpuThreads } from './answers.js';
