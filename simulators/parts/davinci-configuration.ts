/** `.well-known/davinci-configuration`: who this payer is and where its APIs begin, for whoever asks over ordinary TLS (HRex endpoint discovery). */
import { type Handler, json } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'

/** One FHIR base answers members, providers and payers; a token says which of them is asking. */
const audiences = ['patient', 'provider', 'payer'] as const

export const davinciConfiguration =
  (state: PayerState): Handler =>
  () =>
    json(documentOf(state), { headers: { 'cache-control': 'max-age=300' } })

function documentOf(state: PayerState): object {
  const [major = '0', minor = '0'] = (state.editions.pdex ?? '').split('.')
  const base = `${state.base}/fhir`
  const { system, value } = state.identity.identifier
  return {
    identifier: { system, value },
    // The code without a version is what HRex 1.1 knows, and a fallback in 1.2.
    endpoints: Object.fromEntries(
      audiences.flatMap((audience) => {
        const code = `davinci_pdex_${audience}_endpoint`
        return [
          [`${code}#${major}.${minor}`, base],
          [code, base],
        ]
      }),
    ),
  }
}
