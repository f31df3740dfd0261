/**
 * A choice that the guides leave open and that a conformant payer may make otherwise than ours. Nothing may be flagged for
 * it, beyond the advice (SHOULD) that it names. Honest code never knows of it.
 */
import type { HostOptions, HostTls } from '../host.ts'
import type { Simulation } from '../simulator.ts'
import type { PayerSettings, PayerState } from '../state/payer-state.ts'

/** The table of a payer, before and after. */
export type Dress = (table: Simulation<PayerState>) => Simulation<PayerState>

export interface Variant {
  readonly id: string
  /** One sentence: what the system does otherwise. */
  readonly title: string
  /** The clause that leaves the choice. */
  readonly source: string
  /** Choices that the honest payer has a setting for. */
  readonly settings?: Partial<PayerSettings>
  /** Choices of its connections. */
  readonly host?: HostChoice
  /** Choices that are better made outside: wraps rows of its table, as a fault does, or adds some. */
  readonly dress?: Dress
  /** Requirements that it comes near: scenarios with these tags try it. */
  readonly touches: readonly string[]
  /** Advice that it does not follow, and may be warned about. */
  readonly mayWarn?: readonly string[]
}

/** How the connections of a payer's two hosts are made: legal choices all of them. */
export type HostChoice = Pick<HostTls, 'admitStrangers' | 'minVersion' | 'maxVersion'> & Pick<HostOptions, 'headerCase'>

/** Several at once, as one. */
export const together = (id: string, variants: readonly Variant[]): Variant => ({
  id,
  title: variants.map(({ title }) => title).join('; '),
  source: variants.map(({ source }) => source).join('; '),
  settings: Object.assign({}, ...variants.map(({ settings }) => settings)) as Partial<PayerSettings>,
  host: Object.assign({}, ...variants.map(({ host }) => host)) as HostChoice,
  dress: (table) => variants.reduce((dressed, { dress }) => dress?.(dressed) ?? dressed, table),
  touches: [...new Set(variants.flatMap(({ touches }) => touches))],
  mayWarn: [...new Set(variants.flatMap(({ mayWarn = [] }) => mayWarn))],
})
