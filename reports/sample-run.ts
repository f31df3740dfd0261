/**
 * A run that never happened, for the tests of the reports and for looking at them: lines as the runner would write them,
 * with secrets still in. Two editions, an outline, every verdict, every kind of body, hostile text. Any number of scenarios.
 */
import type { Editions } from '../harness/edition.ts'
import type { JournalLine } from '../harness/journal.ts'
import { random } from '../harness/random.ts'
import type { Exchange, SentResponse, TlsFacts } from '../harness/transcript.ts'
import { costOf, type Finding, type Verb, type VerdictCode, worst } from '../harness/verdict.ts'
import { toBase64url } from './jwt.ts'
import { sampleCatalogue } from './sample-data.ts'
import { defaultPlan } from './sample-plan.ts'
import type { PlannedScenario, SampleTools, Saying } from './sample-props.ts'

const editions: readonly Editions[] = [
  { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' },
  { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1' },
]
const base = 'https://old-plan.example:8443'
const fhir = `${base}/fhir`
const requester = 'requesting payer'
const responder = 'responding payer'

export interface SampleOptions {
  readonly scenarios?: number
  readonly seed?: string
  readonly synthetic?: boolean
  /** Leave out the `complete` line, as a crash does. */
  readonly cutShort?: boolean
  /** Filled with every secret of the run. */
  readonly secrets?: Set<string>
  /** Replaces the planned scenarios. */
  readonly planned?: (tools: SampleTools) => readonly PlannedScenario[]
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

function tools(seed: string, secrets: Set<string>): SampleTools {
  const chance = random(seed)
  const text = (length: number): string =>
    Array.from({ length }, () =>
      chance.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']),
    ).join('')
  const signed = (header: object, claims: object): string => {
    const signature = text(128)
    secrets.add(signature)
    return `${toBase64url(JSON.stringify(header))}.${toBase64url(JSON.stringify(claims))}.${signature}`
  }
  return {
    random: chance,
    token: (kind = 'opaque') => {
      const token =
        kind === 'jwt' ? signed({ typ: 'at+jwt', alg: 'ES384' }, { iss: base, jti: chance.uuid() }) : text(43)
      secrets.add(token)
      return token
    },
    assertion: (claims, alg = 'ES384') => {
      const token = signed({ alg, typ: 'JWT', kid: 'new-plan-2026' }, claims)
      secrets.add(token)
      return token
    },
    certificate: (subject, san) => ({
      subject,
      issuer: 'CN=Payer Trust Issuing CA, O=Payer Trust Community, C=US',
      thumbprint: text(43),
      serial: chance.uuid().replaceAll('-', '').toUpperCase(),
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2027-01-01T00:00:00.000Z',
      subjectAltName: san,
      chain: [text(800), text(700)],
    }),
  }
}

/** The lines of a sample run. */
export function sampleLines(options: SampleOptions = {}): JournalLine[] {
  const secrets = options.secrets ?? new Set<string>()
  const kit = tools(options.seed ?? 'sample', secrets)
  const server = kit.certificate(
    'CN=old-plan.example, O=Old Plan',
    'DNS:old-plan.example, URI:https://old-plan.example/payer',
  )
  const client = kit.certificate('CN=new-plan.example, O=New Plan', 'URI:https://new-plan.example/payer')
  const open: TlsFacts = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', server }
  const mutual: TlsFacts = { ...open, client }
  const plans = (options.planned ?? defaultPlan(secrets))(kit)
  const count = options.scenarios ?? 30
  const lines: JournalLine[] = []
  const start = Date.parse('2026-03-02T15:00:00.000Z')
  const codes: VerdictCode[] = []
  const given: VerdictCode[] = []
  let now = start
  const verbOf = (id: string): Verb => sampleCatalogue.find((one) => one.id === id)?.level ?? 'SHALL'

  for (let index = 0; index < count; index++) {
    const plan = plans[index % plans.length] as PlannedScenario
    const edition = editions[Math.floor(index / plans.length) % editions.length] as Editions
    const id = `s${index + 1}`
    const requirements = [
      ...new Set(plan.steps.flatMap((step) => (step.finds ?? []).map((found) => found.requirement))),
    ]
    lines.push({
      line: 'scenario',
      id,
      feature: plan.feature,
      uri: plan.uri,
      ...(plan.rule ? { rule: plan.rule } : {}),
      name: plan.name,
      ...(plan.example ? { example: plan.example } : {}),
      tags: requirements.map((requirement) => `@${requirement}`),
      editions: edition,
      at: new Date(now).toISOString(),
    })
    const mine: VerdictCode[] = []
    let said = 0
    plan.steps.forEach((step, at) => {
      for (const saying of step.says ?? []) {
        const answered = saying.answer ? response(saying.answer) : undefined
        const exchange: Exchange = {
          id: `x${++said}`,
          move: saying.move,
          from: saying.from ?? requester,
          to: saying.to ?? responder,
          at: new Date(now).toISOString(),
          intent: saying.intent ?? {},
          request: {
            method: saying.method ?? 'GET',
            url: saying.url,
            headers: [
              ['Host', new URL(saying.url).host],
              ...(saying.headers ?? [['Accept', 'application/fhir+json'] as const]),
              ...(saying.body ? [['Content-Length', String(saying.body.length)] as const] : []),
              ['Connection', 'keep-alive'],
            ],
            body: saying.body ?? '',
          },
          ...(answered ? { response: answered } : {}),
          ...(saying.failure ? { failure: saying.failure } : {}),
          ...(saying.failure?.kind === 'unreachable' ? {} : { tls: saying.plain ? open : mutual }),
          timings: { connect: 2.4, firstByte: 6 + kit.random.between(0, 20), total: 8 + kit.random.between(0, 60) },
        }
        now += 1000
        lines.push({ line: 'exchange', scenario: id, step: at + 1, exchange })
      }
      for (const found of step.finds ?? []) {
        const verb = verbOf(found.requirement)
        const code = found.code ?? (found.unmet ? costOf[verb] : 'pass')
        const exchange = `x${Math.max(said, 1)}`
        const findings: Finding[] = [
          ...(found.unmet ? [{ severity: 'error' as const, code: 'unmet', exchange, ...found.unmet }] : []),
          ...(found.noted ? [{ severity: 'information' as const, code: 'not-decided', message: found.noted }] : []),
        ]
        mine.push(code)
        lines.push({
          line: 'verdict',
          scenario: id,
          step: at + 1,
          verdict: {
            requirement: found.requirement,
            check: `${found.requirement}/${found.title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
            verb,
            title: found.title,
            code,
            findings,
            evidence: said ? [exchange] : [],
          },
        })
      }
      lines.push({
        line: 'step',
        scenario: id,
        step: at + 1,
        keyword: step.keyword,
        text: step.text,
        status: step.status ?? 'passed',
        ...(step.message ? { message: step.message } : {}),
        ...(step.setUp ? { setUp: step.setUp } : {}),
        milliseconds: 4 + kit.random.between(0, 80),
      })
    })
    const code = plan.code ?? worst(mine)
    codes.push(code)
    given.push(...mine)
    const reason = plan.reason ?? (mine.length === 0 ? 'nothing was judged' : undefined)
    lines.push({
      line: 'end',
      scenario: id,
      code,
      ...(reason ? { reason } : {}),
      milliseconds: 40 + kit.random.between(0, 300),
    })
  }

  const tallied = (list: readonly VerdictCode[]): Record<VerdictCode, number> => {
    const counts = { pass: 0, warning: 0, fail: 0, skip: 0, error: 0 }
    for (const code of list) counts[code]++
    return counts
  }
  lines.unshift({
    line: 'run',
    format: 1,
    id: 'sample',
    startedAt: new Date(start).toISOString(),
    version: '0.1.0',
    title: options.synthetic === false ? 'Old Plan in the responding seat' : 'Self-play',
    editions,
    seats: [
      { actor: requester, played: 'simulated' },
      { actor: responder, played: options.synthetic === false ? 'under test' : 'simulated', base: fhir },
      { actor: 'trust manager', played: 'simulated' },
    ],
    ...(options.synthetic === false ? { plan: 'plan.yaml' } : {}),
    seed: options.seed ?? 'sample',
    platform: 'Node 20.20.2, linux x64, 2 cores',
    scenarios: count,
    synthetic: options.synthetic ?? true,
  })
  if (!options.cutShort)
    lines.push({
      line: 'complete',
      finishedAt: new Date(now).toISOString(),
      milliseconds: now - start,
      scenarios: tallied(codes),
      verdicts: tallied(given),
    })
  return lines
}

function response(answer: NonNullable<Saying['answer']>): SentResponse {
  const { status, body = '' } = answer
  return {
    status,
    statusText: reasons[status] ?? '',
    headers: [
      ...(answer.headers ?? (body ? [['Content-Type', 'application/fhir+json; charset=utf-8'] as const] : [])),
      ['Date', 'Mon, 02 Mar 2026 15:00:00 GMT'],
      ['Content-Length', String(body.length)],
    ],
    body,
  }
}
