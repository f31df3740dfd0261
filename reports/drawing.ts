/** What a diagram shows of a scenario. Runs in Node and in the report's own script. */
import type { Exchange } from '../harness/transcript.ts'
import type { VerdictCode } from '../harness/verdict.ts'
import type { DrawnExchange, DrawnStep } from './diagram.ts'
import { gist, shortUrl } from './gist.ts'
import type { PlayedScenario, WholeScenario } from './run.ts'

const gravest: readonly VerdictCode[] = ['error', 'fail', 'warning']

/** The worst verdict that an unmet finding ties to each exchange. */
export function citedBy(scenario: Pick<PlayedScenario, 'verdicts'>): Map<string, VerdictCode> {
  const cited = new Map<string, VerdictCode>()
  for (const { verdict } of scenario.verdicts) {
    if (!gravest.includes(verdict.code)) continue
    for (const { exchange, severity } of verdict.findings) {
      if (!exchange || severity === 'information') continue
      const before = cited.get(exchange)
      if (!before || gravest.indexOf(verdict.code) < gravest.indexOf(before)) cited.set(exchange, verdict.code)
    }
  }
  return cited
}

/** `200 OK, Bundle, 20 entries` */
export function answerText({ response }: Pick<Exchange, 'response'>): string | undefined {
  if (!response) return undefined
  const about = gist(response)
  return `${response.status} ${response.statusText}`.trim() + (about ? `, ${about}` : '')
}

/** `refused: alert certificate expired` */
export const failureText = ({ failure }: Pick<Exchange, 'failure'>): string =>
  failure ? `${failure.kind}: ${failure.message}` : 'no answer'

export function drawnExchanges(scenario: Pick<WholeScenario, 'exchanges' | 'verdicts'>): DrawnExchange[] {
  const cited = citedBy(scenario)
  return scenario.exchanges.map(({ step, exchange }) => {
    const { id, from, to, request, intent } = exchange
    const answers = answerText(exchange)
    const code = cited.get(id)
    const mistake = intent.mistake ? ` [${intent.mistake}]` : ''
    return {
      id,
      step,
      from,
      to,
      asks: `${request.method} ${shortUrl(request.url)}${mistake}`,
      ...(answers === undefined ? { broken: failureText(exchange) } : { answers }),
      ...(code ? { code } : {}),
    }
  })
}

export const drawnSteps = ({ steps }: Pick<PlayedScenario, 'steps'>): DrawnStep[] =>
  steps.map(({ number, keyword, text }) => ({ number, text: `${number}  ${keyword} ${text}` }))
