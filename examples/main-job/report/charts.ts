/** The plots of the report, drawn as SVG text without a browser. */
import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  VisualMapComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Arm, Marks } from '../arm.js';

echarts.use([
  BarChart,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  ScatterChart,
  SVGRenderer,
  TitleComponent,
  VisualMapComponent,
]);

const width = 1040;
/** Colours that people with any colour vision tell apart. */
const colours = { light: '#4477aa', moderate: '#d9d9c3', heavy: '#ee6677', arms: ['#7f7f7f', '#117733'] };

const draw = (height: number, option: echarts.EChartsCoreOption): string => {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, textStyle: { fontFamily: 'system-ui, sans-serif' }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};

const hoursOf = (at: number): number => at / 3_600_000;

const timeAxis = (arm: Arm): object => ({
  type: 'value',
  name: 'hour',
  nameLocation: 'middle',
  nameGap: 26,
  min: 0,
  max: Math.ceil(hoursOf(arm.at.at(-1) ?? 0)),
  splitLine: { show: false },
});

/** The title says what the axis is, which has no room for it. */
const title = ({ name }: Arm, what: string): object => ({
  text: `${name}: ${what}`,
  left: 52,
  top: 0,
  textStyle: { fontSize: 14 },
});

/** How many hosts are light, moderate and heavy over time. */
export const groupsChart = (arm: Arm, marks: Marks): string => {
  const group = (load: number): string => (load < marks.light ? 'light' : load > marks.heavy ? 'heavy' : 'moderate');
  const series = (['heavy', 'moderate', 'light'] as const).map((name) => ({
    name,
    type: 'line',
    stack: 'hosts',
    symbol: 'none',
    lineStyle: { width: 0 },
    areaStyle: { color: colours[name], opacity: 1 },
    itemStyle: { color: colours[name] },
    data: arm.at.map((at, i) => [
      hoursOf(at),
      arm.loads.filter(({ load }) => group(load[i] ?? Number.NaN) === name).length,
    ]),
  }));
  return draw(230, {
    title: title(arm, 'hosts'),
    legend: { top: 2, right: 8 },
    grid: { left: 60, right: 16, top: 36, bottom: 44 },
    xAxis: timeAxis(arm),
    yAxis: { type: 'value', max: arm.loads.length },
    series,
  });
};

/** Columns of the heat map; more would make the page large and nothing plainer. */
const columns = 96;

/** Load of every host over time, one row a host. */
export const hostsChart = (arm: Arm): string => {
  const stride = Math.max(1, Math.floor(arm.at.length / columns));
  const thinned = <Value>(values: readonly Value[]): readonly Value[] => values.filter((_, i) => i % stride === 0);
  const hosts = arm.loads.map(({ host }) => host);
  return draw(70 + hosts.length * 11, {
    title: title(arm, 'load of each host'),
    grid: { left: 80, right: 16, top: 34, bottom: 40 },
    visualMap: {
      min: 0,
      max: 1.25,
      orient: 'horizontal',
      right: 8,
      top: 0,
      itemHeight: 120,
      itemWidth: 12,
      text: ['demand 125 %', '0'],
      inRange: { color: ['#ffffff', '#c6dbef', '#4477aa', '#ccbb44', '#ee6677', '#7a0019'] },
    },
    xAxis: {
      type: 'category',
      data: thinned(arm.at).map((at) => hoursOf(at).toFixed(1)),
      axisLabel: { interval: 7, formatter: (hour: string) => String(Math.round(Number(hour))) },
      axisTick: { show: false },
    },
    yAxis: { type: 'category', data: hosts, inverse: true, axisLabel: { fontSize: 8, interval: 0 } },
    series: [
      {
        type: 'heatmap',
        data: arm.loads.flatMap(({ load }, row) =>
          thinned(load).map((value, column) => [column, row, Number(value.toFixed(3))]),
        ),
        progressive: 0,
      },
    ],
  });
};

/** Demand that was not served, all arms in one plot. */
export const unservedChart = (arms: readonly [Arm, ...Arm[]]): string =>
  draw(240, {
    legend: { top: 2, right: 8 },
    grid: { left: 60, right: 16, top: 36, bottom: 44 },
    xAxis: timeAxis(arms[0]),
    yAxis: { type: 'value', min: 0, name: 'demand not served, %', nameTextStyle: { align: 'left' } },
    series: arms.map((arm, i) => ({
      name: arm.name,
      type: 'line',
      symbol: 'none',
      color: colours.arms[i % colours.arms.length],
      data: arm.at.map((at, k) => [hoursOf(at), 100 * (arm.unserved[k] ?? 0)]),
    })),
  });

/** When moves began, and how long each took. */
export const movesChart = (arm: Arm): string =>
  draw(220, {
    title: title(arm, 'seconds that each move took'),
    legend: { top: 2, right: 8 },
    grid: { left: 60, right: 16, top: 40, bottom: 44 },
    xAxis: timeAxis(arm),
    yAxis: { type: 'value' },
    series: [true, false].map((done) => ({
      name: done ? 'done' : 'failed',
      type: 'scatter',
      symbolSize: 5,
      color: done ? '#117733' : '#ee6677',
      data: arm.moves
        .filter((move) => move.done === done)
        .map((move) => [hoursOf(move.startedAt), (move.endedAt - move.startedAt) / 1000]),
    })),
  });
