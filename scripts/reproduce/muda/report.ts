/** Report: the rows and the crossover curve as a page that needs nothing else. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { pageOf } from '../page.js';
import type { Row } from '../row.js';
import { type CrossoverPoint, trigger } from './crossover.js';
import { assumed, fitted } from './physics.js';

const axis = (name: string, nameGap: number): object => ({
  type: 'value',
  name,
  nameLocation: 'middle',
  nameGap,
  min: 0,
});

/** The curve as SVG text. */
const crossoverChart = (points: readonly CrossoverPoint[]): string => {
  echarts.use([GridComponent, LegendComponent, LineChart, SVGRenderer]);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 420 });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    legend: { top: 0 },
    grid: { left: 70, right: 30, top: 40, bottom: 60 },
    xAxis: axis('length of the migration, s', 28),
    yAxis: axis('shortest job that gains, s', 45),
    series: [
      {
        type: 'line',
        name: 'simulated',
        data: points.map(({ migration, simulated }) => [migration, simulated]),
        itemStyle: { color: '#4477aa' },
      },
      {
        type: 'line',
        name: 'estimated',
        data: points.map(({ migration, estimated }) => [migration, estimated]),
        itemStyle: { color: '#ee6677' },
        lineStyle: { type: 'dashed' },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};

/** The page. */
export const reportOf = (rows: readonly Row[], points: readonly CrossoverPoint[]): string =>
  pageOf({
    title: 'Muda (2010), simulated',
    heading: 'Muda (2010), chapters 5.3 and 7, simulated',
    rows,
    figure: {
      heading: 'When a migration pays',
      text: `Encoding that begins on desktop 2 and is ordered to desktop 1 after ${trigger} s: the shortest job that ends earlier for it,
over the time that the migration takes. Estimated is what the pay-off of the estimators says of the same move.`,
      svg: crossoverChart(points),
    },
    lists: [
      { heading: 'Fitted, one value for all tables', lines: fitted },
      { heading: 'Assumed', lines: assumed },
    ],
  });
