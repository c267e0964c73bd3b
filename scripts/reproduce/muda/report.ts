/** Report: the rows and the crossover curve as a page that needs nothing else. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Row, tableOf } from '../row.js';
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

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const list = (lines: readonly string[]): string =>
  `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;

/** The page. */
export const reportOf = (rows: readonly Row[], points: readonly CrossoverPoint[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Muda (2010), simulated</title>
<style>body { font-family: system-ui, sans-serif; margin: 2rem; } pre { font-size: 0.8rem; overflow-x: auto; }</style></head>
<body><h1>Muda (2010), chapters 5.3 and 7, simulated</h1>
<pre>${tableOf(rows).map(escaped).join('\n')}</pre>
<h2>When a migration pays</h2>
<p>Encoding that begins on desktop 2 and is ordered to desktop 1 after ${trigger} s: the shortest job that ends earlier for it,
over the time that the migration takes. Estimated is what the pay-off of the estimators says of the same move.</p>
${crossoverChart(points)}
<h2>Fitted, one value for all tables</h2>${list(fitted)}
<h2>Assumed</h2>${list(assumed)}
</body></html>
`;
