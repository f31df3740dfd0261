/** The ways in which a fault of the authorization server gets between the question and the honest answer. */
import type { Asked } from '../asked.ts'
import type { Handler } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import { recast } from './spoiling.ts'

export type PayerFault = Fault<PayerState>

export const payerFault = (
  id: string,
  title: string,
  route: string,
  breaks: readonly string[],
  spoil: PayerFault['spoil'],
): PayerFault => ({ id, title, actor: 'responding payer', route, breaks, spoil })

/** Asks the honest row, and where it refuses, somebody less careful. */
export const carelessly =
  (make: (state: PayerState) => Handler): PayerFault['spoil'] =>
  (honest, state) => {
    const careless = make(state)
    return async (request, visit) => {
      const again = request.clone()
      const answer = await honest(request, visit)
      return answer.status < 400 ? answer : careless(again, visit)
    }
  }

export const tokenRow = 'POST /auth/token'

/** The claims of the assertion that a token is asked for with, unverified; none where there is none. */
export async function assertionIn(request: Asked): Promise<Readonly<Record<string, unknown>>> {
  const form = new URLSearchParams(await request.clone().text())
  const payload = form.get('client_assertion')?.split('.')[1]
  return payload ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : {}
}

export type Body = Record<string, unknown>

/** A good JSON answer changed; `request` is the text that was asked with. */
export const whenGood =
  (change: (body: Body, request: string) => Body): PayerFault['spoil'] =>
  (honest) =>
  async (request, visit) => {
    const asked = await request.clone().text()
    const answer = await honest(request, visit)
    if (answer.status >= 300 || !(answer.headers.get('content-type') ?? '').includes('json')) return answer
    return recast(answer, JSON.stringify(change((await answer.json()) as Body, asked)))
  }

/** A good JSON answer changed, whatever was asked. */
export const rewritten = (change: (body: Body) => Body): PayerFault['spoil'] => whenGood((body) => change(body))
