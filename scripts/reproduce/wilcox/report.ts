/** Report: the rows as a page, with what the engine gains by length, measured and simulated. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { pageOf } from '../page.js';
import type { Row } from '../row.js';
import { gain } from './figures.js';
import { benchmarkNames, dynamicTables, lengths } from './measured.js';
import { assumed, fitted, notClaimed } from './physics.js';

const colours = ['#4477aa', '#ee6677', '#228833', '#aa3377'] as const;

type Side = 'measured' | 'simulated';

/** Gains in percent by length, out of the rows of runs. */
const gains = (rows: readonly Row[], name: (typeof benchmarkNames)[number], side: Side): readonly (number | null)[] => {
  const { table } = dynamicTables[name];
  const runs = (condition: string): number | null =>
    rows.find((one) => one.table === table && one.row === `${name}, ${condition}: runs`)?.[side] ?? null;
  const off = runs('engine off');
  return lengths.map((length) => {
    const on = runs(`${length} iterations`);
    return on === null || off === null ? null : Math.round(gain(on, off) * 100) / 100;
  });
};

const gainChart = (rows: readonly Row[]): string => {
  echarts.use([GridComponent, LegendComponent, LineChart, SVGRenderer]);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 420 });
  const axis = { nameLocation: 'middle', nameGap: 32 };
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    legend: { top: 0 },
    grid: { left: 60, right: 30, top: 60, bottom: 60 },
    xAxis: { ...axis, type: 'category', data: lengths.map(String), name: 'iterations before another guest is drawn' },
    yAxis: { ...axis, type: 'value', name: 'gain of the engine, %' },
    series: benchmarkNames.flatMap((name, i) =>
      (['measured', 'simulated'] as const).map((side) => ({
        type: 'line',
        name: `${name}, ${side}`,
        connectNulls: true,
        data: gains(rows, name, side),
        itemStyle: { color: colours[i] },
        lineStyle: { type: side === 'measured' ? 'dashed' : 'solid' },
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};

/** The page. */
export const wilcoxReport = (rows: readonly Row[]): string =>
  pageOf({
    title: 'Wilcox (2008), simulated',
    heading: 'Wilcox (2008), chapters 5 and 6, simulated',
    rows,
    figure: {
      heading: 'When balancing pays',
      text: 'Completed runs with the engine over those without it, by the number of runs before another guest is drawn (Tables 5.5 to 5.8).',
      svg: gainChart(rows),
    },
    lists: [
      { heading: 'Fitted, one value for all tables', lines: fitted },
      { heading: 'Assumed', lines: assumed },
      { heading: 'Not claimed', lines: notClaimed },
    ],
  });
