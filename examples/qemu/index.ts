/** QEMU: two "hosts" of this machine, a busy guest, why it is moved, and where it is before and after. Real QEMU, no KVM needed. */
import { filter, firstValueFrom, take, tap, timeout, toArray } from 'rxjs';
import type { Driver } from 'whither/drivers';
import { engine, type EngineEvent } from 'whither/engine';
import { explainPlan, percent, seconds } from 'whither/model';
import { cslb } from 'whither/policies';
import { type Lab, labDriver, missing, openLab, until } from './lab.js';

const say = (text: string): unknown => process.stdout.write(`${text}\n`);

const show = async (driver: Driver, lab: Lab): Promise<void> => {
  const { hosts, guests } = await firstValueFrom(driver.inventory());
  for (const { id: host } of hosts) {
    const its = guests
      .filter((guest) => guest.host === host)
      .map(({ id }) => `${id}, alive for ${lab.ticks(id, host) ?? 0} s`);
    say(`  host ${host}: ${its.join('; ') || 'nobody'}`);
  }
};

const tell = (event: EngineEvent): void => {
  if (event.kind === 'decided' && event.plan.moves.length > 0) say(`\n${explainPlan(event.plan)}\n`);
  if (event.kind === 'progress') {
    const { phase, round = 0, sent, remaining } = event.progress;
    const left = remaining === undefined ? '' : `, ${(remaining / 2 ** 20).toFixed(0)} MiB left`;
    say(`  ${phase}, round ${round}: ${(sent / 2 ** 20).toFixed(0)} MiB sent${left}`);
  }
  if (event.kind === 'failed' || event.kind === 'ended')
    say(`  ${event.kind}: ${JSON.stringify(event.outcome.ending)}`);
};

const main = async (lab: Lab): Promise<void> => {
  say('Starting two guests on host a; host b is idle.');
  const web = await lab.start('web', 'a', { set: 16, rate: 1000, fill: 16, busy: 50 });
  const db = await lab.start('db', 'a', { set: 4, rate: 100, fill: 4, busy: 40 });
  const driver = labDriver(lab, [web, db], { migration: { bandwidth: 16 * 2 ** 20 } });
  say('Before:');
  await show(driver, lab);

  const running = engine({
    driver,
    policy: cslb({ light: percent(5), heavy: percent(12), guards: { noSwap: true } }),
    every: seconds(2),
  });
  const [end] = await firstValueFrom(
    running.pipe(
      tap(tell),
      filter((event) => event.kind === 'ended' || event.kind === 'failed'),
      take(1),
      timeout(seconds(60)),
      toArray(),
    ),
  );

  say('After:');
  const moved = end && 'outcome' in end ? end.outcome : undefined;
  const before = lab.ticks(moved?.guest ?? '', 'b') ?? 0;
  if (moved) await until(() => (lab.ticks(moved.guest, 'b') ?? 0) > before, `a sign of life of ${moved.guest}`);
  await show(driver, lab);
};

const lacking = missing();
if (lacking !== undefined) say(`This example needs QEMU: ${lacking}.`);
else {
  const lab = openLab();
  try {
    await main(lab);
  } finally {
    lab.close();
  }
}
