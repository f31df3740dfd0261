/** The transcript of one scenario as a page of its own, without script: the attachment that Allure shows. */
import { readFileSync } from 'node:fs'
import { once } from '../harness/once.ts'
import { type Exchange, type HeaderList, json, type TlsFacts } from '../harness/transcript.ts'
import { curlFor } from './curl.ts'
import { safe, safeText, sequenceDiagram } from './diagram.ts'
import { answerText, citedBy, drawnExchanges, drawnSteps, failureText } from './drawing.ts'
import { readJwt } from './jwt.ts'
import type { WholeScenario } from './run.ts'
import { beginning, isLonger, sameness } from './unread.ts'
import { duration, signs } from './wording.ts'

/** Longer bodies are cut here, and shorter when a page has many; the run's own report shows more, the record everything. */
const longest = 8 * 1024
const shortest = 512
/** Characters of bodies on one page until only the beginnings are shown; what a finding cites is shown all the same. */
const budget = 32 * 1024
/** Shorter texts are said again rather than pointed to. */
const worthPointing = 160
const style = ['./transcript-page.css', './formats/html/styles/sequence.css']
  .map((sheet) => readFileSync(new URL(sheet, import.meta.url), 'utf8'))
  .join('\n')

/** What many exchanges have in common. */
const tables = new WeakMap<TlsFacts, string>()

/** Depends on nothing but what was said, so that two equal transcripts are the same page. */
export function transcriptPage(scenario: WholeScenario): string {
  const cited = citedBy(scenario)
  const steps = new Map(scenario.steps.map((step) => [step.number, step]))
  let current = Number.NaN
  let left = budget
  const said = new Map<string, string>()
  /** What is on the page already is pointed to. */
  const saidOnce = (text: string, at: string, show: () => string): string => {
    const before = said.get(text)
    if (before) return `<p>As in ${safe(before)}.</p>`
    if (text.length >= worthPointing) said.set(text, at)
    return show()
  }
  const body = (message: Message, at: string, code: unknown): string => {
    const same = sameness(message)
    return saidOnce(same, at, () => {
      const room = code || left > 0 ? longest : shortest
      left -= isLonger(message, room) ? room : message.body.length
      return bodyBlock(message, room)
    })
  }
  const connection = (tls: TlsFacts, at: string): string => {
    const table = tables.get(tls) ?? tlsTable(tls)
    tables.set(tls, table)
    return saidOnce(table, at, () => table)
  }
  const token = (at: string) => (value: string) =>
    tokenNote(value, (text, show) => saidOnce(text, `the headers of ${at}`, show))
  const parts = scenario.exchanges.map(({ step, exchange: x }) => {
    const heading = step === current ? '' : `<h2>${safe(stepText(steps.get(step)))}</h2>`
    current = step
    const code = cited.get(x.id)
    const flag = code ? ` <b class="is-${code}">${signs[code]} ${code}</b>` : ''
    return `${heading}<details id="${safe(x.id)}"${code ? ' open' : ''}>
<summary><code>${safe(x.id)}</code> <b>${safe(x.request.method)}</b> <span class="url">${safe(x.request.url)}</span>
<span class="status">${safe(answerText(x) ?? failureText(x))}</span>${flag} <small>${safe(x.from)} &rarr; ${safe(x.to)}, ${duration(x.timings.total)}</small></summary>
<h3>Request</h3>${headerTable(x.request.headers, token(x.id))}${body(x.request, `the request of ${x.id}`, code)}
<h3>${x.response ? `Response ${x.response.status} ${safe(x.response.statusText)}` : 'No response'}</h3>${
      x.response
        ? headerTable(x.response.headers, token(x.id)) + body(x.response, `the response of ${x.id}`, code)
        : `<p>${safe(failureText(x))}</p>`
    }
${x.tls ? `<h3>TLS</h3>${connection(x.tls, x.id)}` : ''}
${code ? repeat(x) : ''}
</details>`
  })
  const diagram = sequenceDiagram(drawnExchanges(scenario), drawnSteps(scenario), {
    title: `Sequence of ${scenario.exchanges.length} exchanges`,
    width: 860,
    href: (id) => `#${id}`,
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Transcript</title><style>${style}</style></head>
<body><main><h1>Transcript</h1><div class="diagram">${diagram}</div>${parts.join('\n')}</main></body></html>
`
}

const stepText = (step: { number: number; keyword: string; text: string } | undefined): string =>
  step ? `${step.number}  ${step.keyword} ${step.text}` : 'Before the first step'

const headerTable = (headers: HeaderList, note: (value: string) => string): string =>
  headers.length === 0
    ? ''
    : `<table>${headers
        .map(([name, value]) =>
          // Without a dot, or a word with the first letter of every token, it is none.
          value.includes('.') && /(?:^|\s)e/.test(value)
            ? headerRow(name, value, note(value))
            : once(plainRows, `${name}: ${value}`, () => headerRow(name, value, '')),
        )
        .join('')}</table>`

const headerRow = (name: string, value: string, note: string): string =>
  `<tr><th scope="row">${safe(name)}</th><td>${safe(value)}${note}</td></tr>`

/** Most headers are said again and again. */
const plainRows = new Map<string, string>()

/** What a token in a header says, since its letters say nothing. */
function tokenNote(value: string, saidOnce: (text: string, show: () => string) => string): string {
  const read = readJwt(value.replace(/^\S+\s+/, ''))
  if (!read) return ''
  const text = JSON.stringify({ header: read.header, payload: read.payload }, null, 2)
  return saidOnce(text, () => block('What the token says', safe(text)))
}

type Message = { readonly body: string }

/** Shorter texts fit their box, on a phone too. */
const fits = 300

/** Text as it is, safe already. What may be longer than its box can be reached and scrolled with the keyboard. */
const block = (label: string, text: string): string =>
  `<pre${text.length > fits ? ` tabindex="0" role="group" aria-label="${label}"` : ''}>${text}</pre>`

function bodyBlock(message: Message, room: number): string {
  const text = bodyText(message, room)
  if (text === '') return ''
  const cut = text.length > room
  return `${block('Body', safeText(cut ? text.slice(0, room) : text))}${cut ? `<p>Cut after ${room} characters; the record has it whole.</p>` : ''}`
}

/** The body as a reader wants it; of a long one a little more than there is room for. */
function bodyText(message: Message, room: number): string {
  const start = beginning(message, room + 1)
  if (!/^\s*[{["]/.test(start)) return formText(message.body)
  const value = isLonger(message, 2 * room) ? undefined : json(message)
  return value === undefined ? start : JSON.stringify(value, null, 2)
}

/** One parameter a line, decoded, tokens read. */
function formText(body: string): string {
  if (!/^[\w.~%+-]+=[^\s{}<>]*$/.test(body)) return body
  return body
    .split('&')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=')
      const value = decoded(rest.join('='))
      const read = readJwt(value)
      return `${decoded(name)} = ${value}${read ? `\n${JSON.stringify({ header: read.header, payload: read.payload }, null, 2).replace(/^/gm, '    ')}` : ''}`
    })
    .join('\n')
}

/** For what a finding cites; the run's own report has it for every exchange. */
function repeat(x: Exchange): string {
  const { command, variables } = curlFor(x, x.id, worthPointing)
  return `<h3>Repeat</h3>${block('Command', safe(command))}${variables.length ? `<p>Masked, to be filled in: ${variables.map((name) => `<code>${safe(name)}</code>`).join(', ')}</p>` : ''}`
}

function tlsTable(tls: TlsFacts): string {
  const side = (name: string, facts: TlsFacts['server']): string =>
    `<tr><th scope="row">${name}</th><td>${
      facts
        ? `${safe(facts.subject)}<br><small>issued by ${safe(facts.issuer)}, valid ${safe(facts.notBefore.slice(0, 10))} to ${safe(facts.notAfter.slice(0, 10))}<br>${safe(facts.subjectAltName)}<br>x5t#S256 ${safe(facts.thumbprint)}</small>`
        : 'no certificate'
    }</td></tr>`
  return `<table><tr><th scope="row">Protocol</th><td>${safe(tls.protocol)}, ${safe(tls.cipher)}</td></tr>${side('Server', tls.server)}${side('Client', tls.client)}</table>`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
