/** One exchange of the transcript: what was asked, what came, over which connection, and how to repeat it. */
import type { CertificateFacts, Exchange, HeaderList, TlsFacts } from '../../../../harness/transcript.ts'
import type { Finding, Verdict } from '../../../../harness/verdict.ts'
import { curlFor } from '../../../curl.ts'
import { answerText, failureText } from '../../../drawing.ts'
import { duration, valueText } from '../../../wording.ts'
import { block, bodyView } from './body-view.ts'
import { badge, copyButton, h } from './dom.ts'
import { named, valueView } from './json-view.ts'

export interface Cited {
  readonly verdict: Verdict
  readonly finding: Finding
}

/** The exchange as an article; its inside is made when it is opened. */
export function exchangeView(
  scenario: string,
  x: Exchange,
  cited: readonly Cited[],
  cut: ReadonlyMap<string, number>,
): HTMLElement {
  const id = `${scenario}-${x.id}`
  const worst = cited[0]?.verdict.code
  const details = h(
    'details',
    { class: 'exchange', id },
    h(
      'summary',
      {},
      h('span', { class: 'id' }, x.id),
      h(
        'span',
        { class: 'line' },
        h('b', {}, x.request.method),
        ' ',
        h('span', { class: 'url' }, ...named(x.request.url)),
      ),
      h('span', { class: `answer${x.response ? '' : ' broken'}` }, answerText(x) ?? failureText(x)),
      worst ? badge(worst) : undefined,
      h('span', { class: 'soft who' }, `${x.from} → ${x.to}, ${duration(x.timings.total)}`),
    ),
  )
  let filled = false
  details.addEventListener('toggle', () => {
    if (!details.open || filled) return
    filled = true
    details.append(inside(id, x, cited, cut))
    for (const box of details.querySelectorAll('.json, .ndjson')) bringMarked(box)
  })
  return details
}

/** In one line, for who came here by a link; the step has it whole. */
function expectation({ expected, actual, expression }: Finding): HTMLElement | undefined {
  const said = [
    ['expected', expected],
    ['found', actual],
    ['at', expression],
  ].flatMap(([name, value]) => {
    if (value === undefined) return []
    const text = valueText(value)
    return [`${name} `, h('code', {}, text.length > 80 ? `${text.slice(0, 80)}…` : text), ', ']
  })
  return said.length > 0 ? h('span', { class: 'values-beside' }, ...said.slice(0, -1)) : undefined
}

/** What a finding names may lie below the edge of its box. */
function bringMarked(box: Element): void {
  const marked = box.querySelector('.marked')
  if (marked)
    box.scrollTop += marked.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4
}

function inside(id: string, x: Exchange, cited: readonly Cited[], cut: ReadonlyMap<string, number>): HTMLElement {
  const expressions = cited.flatMap(({ finding }) => finding.expression ?? [])
  const intent = Object.entries(x.intent)
  const cutRequest = cut.get(`${x.id}-request`)
  const cutResponse = cut.get(`${x.id}-response`)
  return h(
    'div',
    { class: 'inside' },
    ...cited.map(({ verdict, finding }) =>
      h(
        'p',
        { class: `cited is-${verdict.code}` },
        badge(verdict.code),
        ' ',
        h('a', { href: `#${verdict.requirement}` }, verdict.requirement),
        ` ${finding.message} `,
        expectation(finding),
      ),
    ),
    h(
      'p',
      { class: 'soft' },
      `${x.move.replaceAll('-', ' ')}, sent ${x.at}`,
      intent.length > 0 ? `, meant as ${intent.map(([key, value]) => `${key}: ${value}`).join(', ')}` : '',
      h('a', { class: 'permalink', href: `#${id}` }, 'link to this exchange'),
    ),
    h(
      'div',
      { class: 'sides' },
      h(
        'section',
        {},
        h('h4', {}, 'Request'),
        headers(x.request.headers, `Headers of the request of ${x.id}`),
        bodyView({
          text: x.request.body,
          about: `of the request of ${x.id}`,
          ...(cutRequest ? { cut: cutRequest } : {}),
        }),
      ),
      x.response
        ? h(
            'section',
            {},
            h('h4', {}, `Response ${x.response.status} ${x.response.statusText}`),
            headers(x.response.headers, `Headers of the response of ${x.id}`),
            bodyView({
              text: x.response.body,
              about: `of the response of ${x.id}`,
              ...(cutResponse ? { cut: cutResponse } : {}),
              expressions,
            }),
          )
        : h(
            'section',
            {},
            h('h4', {}, 'No response'),
            h('p', { class: 'broken' }, failureText(x)),
            h('p', { class: 'soft' }, x.failure?.code ?? ''),
          ),
    ),
    h('div', { class: 'sides' }, connection(x.tls, x.timings), repeat(id, x)),
  )
}

const headers = (list: HeaderList, label: string): HTMLElement =>
  list.length === 0
    ? h('p', { class: 'soft' }, 'No headers.')
    : h(
        'div',
        { class: 'scroll' },
        h(
          'table',
          { class: 'headers', 'aria-label': label },
          h(
            'tbody',
            {},
            ...list.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, valueView(value)))),
          ),
        ),
      )

function connection(tls: TlsFacts | undefined, timings: Exchange['timings']): HTMLElement {
  const row = (name: string, ...value: (Node | string)[]): HTMLElement =>
    h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, ...value))
  return h(
    'section',
    {},
    h('h4', {}, 'Connection'),
    h(
      'table',
      { class: 'headers', 'aria-label': 'Connection' },
      h(
        'tbody',
        {},
        ...(tls
          ? [
              row('TLS', `${tls.protocol}, ${tls.cipher}`),
              row('Server', certificate(tls.server)),
              row('Client', certificate(tls.client)),
            ]
          : [row('TLS', 'none was established')]),
        row(
          'Timing',
          `connected after ${duration(timings.connect)}, first byte ${duration(timings.firstByte)}, whole ${duration(timings.total)}`,
        ),
      ),
    ),
  )
}

function certificate(facts: CertificateFacts | undefined): HTMLElement {
  if (!facts) return h('span', { class: 'soft' }, 'showed no certificate')
  const line = (name: string, value: string): HTMLElement =>
    h('div', {}, h('span', { class: 'soft' }, `${name} `), value)
  const pem = facts.chain
    .map((der) => `-----BEGIN CERTIFICATE-----\n${der.replace(/(.{64})/g, '$1\n').trim()}\n-----END CERTIFICATE-----\n`)
    .join('')
  return h(
    'details',
    { class: 'certificate' },
    h('summary', {}, facts.subject),
    line('issued by', facts.issuer),
    line('valid', `${facts.notBefore.slice(0, 10)} to ${facts.notAfter.slice(0, 10)}`),
    line('names', facts.subjectAltName || 'none'),
    line('serial', facts.serial),
    line('x5t#S256', facts.thumbprint),
    h(
      'div',
      {},
      h('span', { class: 'soft' }, `chain of ${facts.chain.length} `),
      copyButton(() => pem, 'Copy PEM'),
    ),
  )
}

function repeat(id: string, x: Exchange): HTMLElement {
  const { command, variables, file } = curlFor(x, id)
  return h(
    'section',
    {},
    h('h4', {}, 'Repeat it'),
    h(
      'div',
      { class: 'tools' },
      copyButton(() => command, 'Copy command', `of ${x.id}`),
      file ? copyButton(() => file.body, `Copy ${file.name}`) : undefined,
    ),
    block(command, `Command that repeats ${x.id}`),
    variables.length > 0
      ? h(
          'p',
          { class: 'soft' },
          'Masked here, to be set by you: ',
          ...variables.flatMap((name, at) => [at > 0 ? ', ' : '', h('code', {}, name)]),
        )
      : undefined,
    x.tls?.client
      ? h(
          'p',
          { class: 'soft' },
          'client.pem, client.key and roots.pem are your own certificate, its key and the roots you trust.',
        )
      : undefined,
  )
}
