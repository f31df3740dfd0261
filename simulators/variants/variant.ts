/**
 * A choice that the guides leave open and that a conformant payer or trust manager may make otherwise than ours. Nothing may
 * be flagged for it, beyond the advice (SHOULD) that it names. Honest code never knows of it.
 */
import type { Fault } from '../faults/fault.ts'
import type { HostOptions, HostTls } from '../host.ts'
import type { Handler, Simulation } from '../simulator.ts'
import type { PayerSettings, PayerState } from '../state/payer-state.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'

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
  /** Choices of the trust manager: rows of its table, wrapped. */
  readonly trust?: readonly TrustRow[]
  /** Requirements that it comes near: scenarios with these tags try it. */
  readonly touches: readonly string[]
  /** Advice that it does not follow, and may be warned about. */
  readonly mayWarn?: readonly string[]
}

/** A row of the trust manager's table, by its name, and what is put around it. */
export interface TrustRow {
  readonly route: string
  readonly wrap: (honest: Handler, state: TrustManagerState) => Handler
}

/** What the trust manager's table is wrapped in for this choice, as a stage takes it. */
export const trustRowsOf = ({ id, title, trust = [] }: Variant): readonly Fault[] =>
  trust.map(({ route, wrap }) => ({ id, title, actor: 'trust manager', route, breaks: [], spoil: wrap }) as Fault)

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
  trust: variants.flatMap(({ trust = [] }) => trust),
  touches: [...new Set(variants.flatMap(({ touches }) => touches))],
  mayWarn: [...new Set(variants.flatMap(({ mayWarn = [] }) => mayWarn))],
})
