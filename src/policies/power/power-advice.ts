/** Power advice: which hosts a plan of consolidation says could be switched off, or are wanted back. */
import { byName, type HostId, type Plan } from '../../model/index.js';

/** Rules under which a plan passes over hosts that could be switched. */
export const offRule = 'consolidate.off';
export const onRule = 'consolidate.on';

/** Hosts that may be switched. */
export interface PowerAdvice {
  /** Empty for long enough: nothing is lost if they are switched off. */
  readonly off: readonly HostId[];
  /** Switched off, and wanted: any of them would help. */
  readonly on: readonly HostId[];
}

/**
 * What a plan says about switching hosts. Plans only move guests; whoever embeds the engine switches hosts, and reads here
 * which. Each name stands for an entry in `passedOver`, with its reasons.
 */
export const powerAdvice = ({ passedOver }: Plan): PowerAdvice => {
  const under = (name: string): readonly HostId[] =>
    passedOver
      .flatMap(({ subject, because }) =>
        subject.kind === 'host' && because.some(({ rule }) => rule === name) ? [subject.id] : [],
      )
      .sort(byName);
  return { off: under(offRule), on: under(onRule) };
};
