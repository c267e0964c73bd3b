/** Readings: what samples tell of hosts and guests alike, by name. */
import {
  cpu,
  cpuPressure,
  diskTraffic,
  ioPressure,
  iowait,
  loadOne,
  memoryPressure,
  memoryUsed,
  networkTraffic,
  runQueueWait,
  steal,
  swapping,
  swapUsed,
} from '../../metrics/index.js';
import { quantityOf } from './quantity.js';
import { type Reader, readingOf, signalInside } from './reading.js';
import type { Readings } from './terms.js';

/** All readings of one subject. */
export const readingsOf = (reader: Reader): Readings => ({
  cpu: readingOf(reader, cpu, 'fraction'),
  iowait: readingOf(reader, iowait, 'fraction'),
  steal: readingOf(reader, steal, 'fraction'),
  loadAverage: readingOf(reader, loadOne, 'count'),
  runQueueWait: readingOf(reader, runQueueWait, 'fraction'),
  cpuPressure: readingOf(reader, cpuPressure, 'fraction'),
  memoryPressure: readingOf(reader, memoryPressure, 'fraction'),
  ioPressure: readingOf(reader, ioPressure, 'fraction'),
  memoryUsed: readingOf(reader, memoryUsed, 'fraction'),
  swapUsed: readingOf(reader, swapUsed, 'fraction'),
  swapping: readingOf(reader, swapping, 'bytes per second'),
  diskTraffic: readingOf(reader, diskTraffic, 'bytes per second'),
  networkTraffic: readingOf(reader, networkTraffic, 'bytes per second'),
  signal: ({ measure, unit, signal }) => quantityOf(signalInside(reader, measure, unit, signal)),
});
